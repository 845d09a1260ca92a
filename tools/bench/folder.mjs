import { bareFolder, openBare } from './bare.mjs';
import { openBenchEngine } from './bundle.mjs';
import { classifier, cores, detector, withFolder } from './places.mjs';
import { benchPhotos } from './photos.mjs';
import { atLeast, median } from './rows.mjs';

export const measureFolder = (how) => measureFolderOf(classifier, how);
export const measureDetectionFolder = (how) => measureFolderOf(detector, how);

/** A folder through the engine (nothing stored yet, everything stored at the end) ÷ a bare loop on all cores. */
function measureFolderOf(model, { isQuick, log }) {
  return withFolder(async (data) => {
    const files = await benchPhotos(isQuick ? 24 : 120, log);
    const processes = await Promise.all(
      Array.from({ length: cores }, () => openBare({ ...model, threads: 1 })),
    );
    const opened = await openBenchEngine(data);
    try {
      await engineFolder(opened, files, model);
      await bareFolder(processes, files.slice(0, 12));
      const rounds = [];
      // The order turns every round: whatever else the machine does meets both alike.
      for (let round = 0; round < (isQuick ? 2 : 5); round += 1) {
        const engineFirst = round % 2 === 0;
        const first = engineFirst
          ? await engineFolder(opened, files, model)
          : await bareFolder(processes, files);
        const second = engineFirst
          ? await bareFolder(processes, files)
          : await engineFolder(opened, files, model);
        const [engine, bare] = engineFirst ? [first, second] : [second, first];
        rounds.push({ engine, bare });
        log(
          `  ${files.length} photos: engine ${(files.length / engine).toFixed(1)}/s, bare ${(files.length / bare).toFixed(1)}/s`,
        );
      }
      const ratio = median(rounds.map(({ engine, bare }) => bare / engine));
      const { workers, threads } = opened.engine.status();
      return [
        atLeast(
          `${model.what}folder of ${files.length} photos, ${workers} × ${threads}, engine ÷ bare loop`,
          ratio,
          {
            bar: model.bars.folder,
            unit: '',
          },
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
  for await (const outcome of engine.batch({ inputs: files, model: model.id })) {
    if ('fault' in outcome) throw new Error(`${outcome.input}: ${outcome.fault.message}`);
    if (outcome.cached) throw new Error(`${outcome.input} came from the store`);
    answered += 1;
  }
  if (answered !== files.length) throw new Error(`${answered} answers for ${files.length} photos`);
  return (performance.now() - begun) / 1000;
}
