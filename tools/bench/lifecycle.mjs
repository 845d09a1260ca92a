import path from 'node:path';
import { importSource, openBenchEngine } from './bundle.mjs';
import { benchPhotos } from './photos.mjs';
import { classifier, taken, withFolder } from './places.mjs';
import { atMost, median } from './rows.mjs';

const model = classifier.id;
const next = '1.1.0';

/** What a person feels of versions: proving a pack, switching while somebody asks, and going back. */
export function measureLifecycle({ isQuick, log }) {
  return withFolder(async (data) => {
    const [photo] = await benchPhotos(1, log);
    const { makeVersion } = await importSource('test/fixtures/versions.ts');
    const folder = makeVersion(path.join(data, 'next'), { id: model, version: next });
    const { engine, lifecycle, library, close } = await openBenchEngine(path.join(data, 'home'), {
      allowUnsigned: true,
      trialItems: 0,
      canaryItems: 0,
    });
    const ask = async () => {
      const begun = performance.now();
      const record = taken(
        await engine.predict({
          source: { path: photo },
          name: photo,
          model,
          useCache: false,
          priority: 'interactive',
        }),
      );
      return { ms: performance.now() - begun, version: record.version };
    };
    try {
      taken(await lifecycle.installLocal(folder));
      const pack = taken(library.find(`${model}@${next}`));
      const proofs = [];
      for (let turn = 0; turn < 5; turn += 1) proofs.push((await library.verify(pack)).durationMs);
      const bytes = (pack.sizeBytes / 1e6).toFixed(0);

      const swaps = isQuick ? 4 : 20;
      const usual = [];
      for (let turn = 0; turn < (isQuick ? 40 : 200); turn += 1) usual.push((await ask()).ms);
      const during = [];
      let isOver = false;
      const asking = (async () => {
        while (!isOver) during.push((await ask()).ms);
      })();
      for (let turn = 0; turn < swaps; turn += 1) {
        const version = turn % 2 === 0 ? next : '1.0.0';
        taken(await lifecycle.switchTo({ model, version }));
      }
      isOver = true;
      await asking;
      log(`  ${swaps} swaps: usual p99 ${p99(usual).toFixed(0)} ms, during p99 ${p99(during).toFixed(0)} ms`);

      const backs = [];
      for (let turn = 0; turn < 3; turn += 1) {
        taken(await lifecycle.switchTo({ model, version: next }));
        await ask();
        const begun = performance.now();
        taken(await lifecycle.rollBack(model));
        const { version } = await ask();
        if (version !== '1.0.0') throw new Error(`${version} answered after the roll-back`);
        backs.push(performance.now() - begun);
      }
      return [
        atMost(`verification of a ${bytes} MB pack`, median(proofs) / 1000, { bar: 0.5, unit: 's' }),
        atMost('caller while versions are swapped, p99 ÷ its usual p99', p99(during) / p99(usual), {
          bar: 1.2,
          unit: '',
        }),
        atMost('roll-back to first answer', median(backs) / 1000, { bar: 1, unit: 's' }),
      ];
    } finally {
      await close();
    }
  });
}

const p99 = (values) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * 0.99))];
