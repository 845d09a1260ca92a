import { openBare } from './bare.mjs';
import { openBenchEngine } from './bundle.mjs';
import { classifier, cores, demoTensors, detector, taken, withFolder } from './places.mjs';
import { benchPhotos } from './photos.mjs';
import { atLeast, atMost, median } from './rows.mjs';

export const measurePhoto = (how) => measurePhotoOf(classifier, how);
export const measureDetectionPhoto = (how) => measurePhotoOf(detector, how);

/** One photo that a person waits for ÷ bare decode and run with all cores, at each size in turn. */
function measurePhotoOf(model, { isQuick, log }) {
  return withFolder(async (data) => {
    const files = await benchPhotos(6, log);
    const bare = await openBare({ ...model, threads: cores });
    const { engine, close } = await openBenchEngine(data);
    try {
      const ask = async (path) => {
        const begun = performance.now();
        taken(
          await engine.predict({
            source: { path },
            name: path,
            model: model.id,
            useCache: false,
            priority: 'interactive',
          }),
        );
        return performance.now() - begun;
      };
      const ratios = [];
      for (const photo of files) {
        const times = { engine: [], bare: [] };
        for (let turn = 0; turn < 3; turn += 1) await Promise.all([ask(photo), bare.ask({ photo })]);
        for (let turn = 0; turn < (isQuick ? 6 : 24); turn += 1) {
          // The second of two finds the file in the page cache, so they take turns in going first.
          let ours = turn % 2 === 0 ? await ask(photo) : 0;
          const theirs = (await bare.ask({ photo })).ms;
          ours ||= await ask(photo);
          times.engine.push(ours);
          times.bare.push(theirs);
          // Ratios of neighbouring runs: they saw the same load of the machine.
          ratios.push(ours / theirs);
        }
        const [ours, theirs] = [median(times.engine), median(times.bare)];
        log(`  ${photo.replace(/.*-/, '')}: engine ${ours.toFixed(1)} ms, bare ${theirs.toFixed(1)} ms`);
      }
      const name = `${model.what}one interactive photo of 2 to 12 MP ÷ bare`;
      return [atMost(name, median(ratios), { bar: model.bars.photo, unit: '' })];
    } finally {
      bare.close();
      await close();
    }
  });
}

/** What a call of a tensor model costs beyond the bare run. */
export function measureTensors({ isQuick, log }) {
  return withFolder(async (data) => {
    const { readTensors } = await import('./bundle.mjs').then(({ importSource }) =>
      importSource('main/cli/tensors/json.ts'),
    );
    const inputs = demoTensors();
    const { engine, library, close } = await openBenchEngine(data);
    const pack = taken(library.find('tensor-demo'));
    const bare = await openBare({
      modelFile: library.fileOf(pack, pack.manifest.variants[0].file),
      threads: 1,
    });
    try {
      const tensors = taken(readTensors(JSON.stringify({ inputs })));
      const times = { engine: [], bare: [] };
      const turns = isQuick ? 300 : 3000;
      for (let turn = 0; turn < turns + 100; turn += 1) {
        const begun = performance.now();
        taken(await engine.runTensors({ model: 'tensor-demo', tensors, priority: 'interactive' }));
        const ours = performance.now() - begun;
        const theirs = (await bare.ask({ tensors: inputs })).answer;
        if (turn < 100) continue;
        times.engine.push(ours);
        times.bare.push(theirs);
      }
      log(
        `  tensor call: engine ${median(times.engine).toFixed(3)} ms, bare run ${median(times.bare).toFixed(3)} ms`,
      );
      return [
        atMost(
          'tensor task, overhead of a call over the bare run, p50',
          median(times.engine) - median(times.bare),
          { bar: 0.5, unit: 'ms' },
        ),
      ];
    } finally {
      bare.close();
      await close();
    }
  });
}

/** An answer that is stored already, against finding it out. */
export function measureCache({ isQuick, log }) {
  return withFolder(async (data) => {
    const files = await benchPhotos(isQuick ? 12 : 48, log);
    const { engine, store, close } = await openBenchEngine(data);
    try {
      taken(await engine.warm(classifier.id));
      const ask = async (path, wanted) => {
        const begun = performance.now();
        const record = taken(
          await engine.predict({
            source: { path },
            name: path,
            model: classifier.id,
            priority: 'interactive',
          }),
        );
        if (record.cached !== wanted)
          throw new Error(`${path} was ${wanted ? 'not ' : ''}answered from the store`);
        return performance.now() - begun;
      };
      const misses = [];
      const hits = [];
      for (const file of files) misses.push(await ask(file, false));
      await store.flush();
      for (let turn = 0; turn < 10; turn += 1) for (const file of files) hits.push(await ask(file, true));
      log(`  miss ${median(misses).toFixed(1)} ms, hit ${median(hits).toFixed(3)} ms`);
      return [
        atMost('answer from the store through the engine, p50', median(hits), { bar: 2, unit: 'ms' }),
        atLeast('miss ÷ hit, p50', median(misses) / median(hits), { bar: 30, unit: '×' }),
      ];
    } finally {
      await close();
    }
  });
}
