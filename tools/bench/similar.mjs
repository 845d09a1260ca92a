import { builtSource, importSource } from './bundle.mjs';
import { withFolder } from './places.mjs';
import { atMost, median } from './rows.mjs';

const mebibyte = 1024 ** 2;

/** What is most like one photo among 100,000 stored vectors of 1,280 values, and groups of those that are alike. */
export function measureSimilar({ isQuick, log }) {
  return withFolder(async (folder) => {
    const { openStore } = await importSource('main/store/index.ts');
    const { seedAnswer, seedStore } = await importSource('test/fixtures/seed-store.ts');
    const { seedVector, seedVectors } = await importSource('test/fixtures/seed-vectors.ts');
    const options = {
      folder,
      threadFile: await builtSource('main/store/thread/entry.ts'),
      appVersion: '0.1.0',
    };
    await (await openStore(options)).close();
    const [count, size] = [isQuick ? 10_000 : 100_000, 1_280];
    log(`Storing ${count} vectors …`);
    seedStore(folder, count);
    seedVectors(folder, count, size);
    const memoryBefore = process.memoryUsage.rss();
    const store = await openStore(options);
    try {
      const { packDigest: pack, variant } = seedAnswer(0);
      const times = [];
      let first = 0;
      const started = performance.now();
      const processor = process.cpuUsage();
      await store.readVectors({ pack });
      const reading = performance.now() - started;
      const { user, system } = process.cpuUsage(processor);
      for (let turn = 0; turn < 20; turn += 1) {
        const wanted = (turn * 7919) % count;
        const begun = performance.now();
        const found = await store.similarInputs({
          pack,
          variant,
          embedding: seedVector(wanted, size),
          limit: 100,
          least: 0,
        });
        const ms = performance.now() - begun;
        if (turn === 0) first = ms;
        else times.push(ms);
        if (found.compared !== count || found.inputs[0]?.digest !== seedAnswer(wanted).digest)
          throw new Error(`vector ${wanted} was not found among ${found.compared}`);
      }
      const memory = (process.memoryUsage.rss() - memoryBefore) / mebibyte;
      const begun = performance.now();
      const { groups } = await store.groupInputs({ pack, variant, least: 0.95 });
      const grouping = performance.now() - begun;
      log(
        `  reading all vectors ahead: ${reading.toFixed(0)} ms, ${((user + system) / 1000).toFixed(0)} ms of processor time`,
      );
      log(`  groups of those that are alike: ${(grouping / 1000).toFixed(1)} s, ${groups.length} found`);
      const many = count.toLocaleString('en');
      return [
        atMost(`most alike of ${many} photos, first, vectors read ahead`, first, { bar: 200, unit: 'ms' }),
        atMost(`most alike of ${many} photos, slowest of 19`, Math.max(...times), { bar: 200, unit: 'ms' }),
        atMost(`most alike of ${many} photos, p50`, median(times), { bar: 200, unit: 'ms' }),
        atMost(`memory for comparing ${many} photos`, memory, { bar: 400, unit: 'MiB' }),
      ];
    } finally {
      await store.close();
    }
  });
}
