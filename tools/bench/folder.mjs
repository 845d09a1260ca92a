import { setTimeout } from 'node:timers/promises';
import { bareFolder, openBare } from './bare.mjs';
import { openBenchEngine } from './bundle.mjs';
import { classifier, cores, detector, taken, withFolder } from './places.mjs';
import { benchPhotos } from './photos.mjs';
import { atLeast, measured, median } from './rows.mjs';

export const measureFolder = (how) => measureFolderOf(classifier, how);
export const measureDetectionFolder = (how) => measureFolderOf(detector, how);

/**
 * A folder through the engine ÷ a bare loop on all cores: once as answers alone, and once as a run, of which every item is
 * written to the journal. Nothing is stored before, everything is stored at the end.
 */
function measureFolderOf(model, { isQuick, log }) {
  return withFolder(async (data) => {
    const files = await benchPhotos(isQuick ? 24 : 120, log);
    const processes = await Promise.all(
      Array.from({ length: cores }, () => openBare({ ...model, threads: 1 })),
    );
    const opened = await openBenchEngine(data);
    const ways = {
      engine: () => engineFolder(opened, files, model),
      bare: () => bareFolder(processes, files),
      run: () => runFolder(opened, files, model),
    };
    try {
      await engineFolder(opened, files, model);
      await bareFolder(processes, files.slice(0, 12));
      const rounds = [];
      // Of this process with its store; workers do the same for both.
      const processorMs = { engine: [], bare: [], run: [] };
      // The order rotates each round, so that other load of the machine affects all alike.
      for (let round = 0; round < (isQuick ? 3 : 6); round += 1) {
        const names = Object.keys(ways);
        const seconds = {};
        for (const at of names.keys()) {
          const name = names[(round + at) % names.length];
          const before = process.cpuUsage();
          seconds[name] = await ways[name]();
          const { user, system } = process.cpuUsage(before);
          processorMs[name].push((user + system) / 1_000 / files.length);
        }
        rounds.push(seconds);
        const rates = names.map((name) => `${name} ${(files.length / seconds[name]).toFixed(1)}/s`);
        log(`  ${files.length} photos: ${rates.join(', ')}`);
      }
      const { workers, threads } = opened.engine.status();
      const how = `${files.length} photos, ${workers} × ${threads}`;
      const ratio = (of, by) => median(rounds.map((seconds) => seconds[by] / seconds[of]));
      const bar = { bar: model.bars.folder, unit: '' };
      return [
        atLeast(`${model.what}folder of ${how}, engine ÷ bare loop`, ratio('engine', 'bare'), bar),
        atLeast(`${model.what}run of ${how}, with its journal ÷ bare loop`, ratio('run', 'bare'), bar),
        measured(`${model.what}run of ${how}, with its journal ÷ without`, ratio('run', 'engine'), {
          unit: '',
        }),
        // Processor time depends least on other load of the machine.
        measured(
          `${model.what}journal of a run, processor time`,
          median(processorMs.run) - median(processorMs.engine),
          { unit: 'ms a photo' },
        ),
      ];
    } finally {
      for (const { close } of processes) close();
      await opened.close();
    }
  });
}

/** Seconds from the first path handed over to the last answer, with an empty cache. */
async function engineFolder({ engine, store }, files, model) {
  await store.purge({ all: true });
  const begun = performance.now();
  let answered = 0;
  for await (const outcome of engine.predictAll({ inputs: files, model: model.id })) {
    if ('fault' in outcome) throw new Error(`${outcome.input}: ${outcome.fault.message}`);
    if (outcome.cached) throw new Error(`${outcome.input} came from the store`);
    answered += 1;
  }
  if (answered !== files.length) throw new Error(`${answered} answers for ${files.length} photos`);
  return (performance.now() - begun) / 1000;
}

const lookMs = 25;

/** The same as a run: seconds until its journal says that it is done. */
async function runFolder({ engine, store }, files, model) {
  await store.purge({ all: true });
  const begun = performance.now();
  const { id } = taken(await engine.runs.start({ title: 'bench', inputs: files, model: model.id }));
  for (;;) {
    const { kind, counts } = taken(await engine.runs.get(id));
    if (kind === 'done') {
      if (counts.answered !== files.length || counts.fromCache > 0)
        throw new Error(
          `${counts.answered} answers, ${counts.fromCache} from the store, for ${files.length} photos`,
        );
      return (performance.now() - begun) / 1000;
    }
    if (kind !== 'scanning' && kind !== 'running') throw new Error(`the run is ${kind}`);
    await setTimeout(lookMs);
  }
}
