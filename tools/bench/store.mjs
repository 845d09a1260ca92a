import { builtSource, importSource } from './bundle.mjs';
import { withFolder } from './places.mjs';
import { atMost, median } from './rows.mjs';

/** A page of the history and a label filter with a million stored answers. */
export function measureStore({ isQuick, log }) {
  return withFolder(async (folder) => {
    const { openStore } = await importSource('main/store/index.ts');
    const { seedStore, seedLabels } = await importSource('test/fixtures/seed-store.ts');
    const options = {
      folder,
      threadFile: await builtSource('main/store/thread/entry.ts'),
      appVersion: '0.1.0',
    };
    await (await openStore(options)).close();
    const count = isQuick ? 50_000 : 1_000_000;
    log(`Storing ${count} answers …`);
    seedStore(folder, count);
    const store = await openStore(options);
    try {
      const pages = [];
      const filtered = [];
      const opening = performance.now();
      await store.history({ limit: 100 });
      log(
        `  first page after opening, which starts the reading thread: ${(performance.now() - opening).toFixed(0)} ms`,
      );
      let before;
      for (let turn = 0; turn < 40; turn += 1) {
        let begun = performance.now();
        const page = await store.history({ limit: 100, ...(before ? { before } : {}) });
        pages.push(performance.now() - begun);
        if (page.length !== 100) throw new Error(`a page of ${page.length}`);
        before = { at: page.at(-1).at, key: page.at(-1).key };
        begun = performance.now();
        const found = await store.history({ limit: 100, label: seedLabels[turn % seedLabels.length] });
        filtered.push(performance.now() - begun);
        if (found.length !== 100) throw new Error(`${found.length} found by label`);
      }
      const many = count.toLocaleString('en');
      return [
        atMost(`history page with ${many} answers, slowest of 40`, Math.max(...pages), {
          bar: 50,
          unit: 'ms',
        }),
        atMost(`label filter with ${many} answers, slowest of 40`, Math.max(...filtered), {
          bar: 50,
          unit: 'ms',
        }),
        atMost(`history page with ${many} answers, p50`, median(pages), { bar: 50, unit: 'ms' }),
      ];
    } finally {
      await store.close();
    }
  });
}
