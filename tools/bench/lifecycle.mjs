import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { importSource, openBenchEngine } from './bundle.mjs';
import { benchPhotos } from './photos.mjs';
import { classifier, taken, withFolder } from './places.mjs';
import { root } from '../setup/paths.mjs';
import { atMost, median } from './rows.mjs';

const model = classifier.id;
const next = '1.1.0';

/** Latencies of versions: verifying a pack, switching under load, and rolling back. */
export function measureLifecycle({ isQuick, log }) {
  return withFolder(async (data) => {
    const [photo] = await benchPhotos(1, log);
    const { makeVersion } = await importSource('test/fixtures/versions.ts');
    const folder = makeVersion(path.join(data, 'next'), {
      id: model,
      version: next,
      models: path.join(root, 'models'),
    });
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
      for (let turn = 0; turn < (isQuick ? 40 : 300); turn += 1) usual.push((await ask()).ms);
      /** The slowest request during each switch, under back-to-back requests. */
      const swapping = async (count) => {
        const seen = [];
        let isOver = false;
        const asking = (async () => {
          while (!isOver) {
            const begun = performance.now();
            seen.push({ begun, ...(await ask()) });
          }
        })();
        const pauses = [];
        for (let turn = 0; turn < count; turn += 1) {
          await sleep(150);
          const begun = performance.now();
          taken(await lifecycle.switchTo({ model, version: turn % 2 === 0 ? next : '1.0.0' }));
          await sleep(100);
          const ended = performance.now() - 100;
          const overlapping = seen.filter((one) => one.begun < ended && one.begun + one.ms > begun);
          pauses.push(Math.max(...overlapping.map(({ ms }) => ms)));
        }
        isOver = true;
        await asking;
        return pauses;
      };
      // After a trial the version has workers; without one they are loaded while requests are served.
      const cold = await swapping(2);
      const pauses = await swapping(swaps);
      log(
        `  usual p99 ${p99(usual).toFixed(0)} ms; slowest request at each of ${swaps} swaps: median ${median(pauses).toFixed(0)}, worst ${Math.max(...pauses).toFixed(0)} ms; while workers load ${Math.max(...cold).toFixed(0)} ms`,
      );

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
        atMost(
          `slowest request that meets a swap, median of ${swaps} ÷ usual p99`,
          median(pauses) / p99(usual),
          {
            bar: 1.2,
            unit: '',
          },
        ),
        atMost('roll-back to first answer', median(backs) / 1000, { bar: 1, unit: 's' }),
      ];
    } finally {
      await close();
    }
  });
}

const p99 = (values) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * 0.99))];
