// `npm run bench`: the figures that Outpost holds itself to, as ratios in one run on one machine where that is possible.
// `--only folder,cache` for some of them, `--quick` for a rough look, `--json FILE` for machines, `--markdown` for documents.
// Of serving: `--serve "--inference isolated"` for options of the server, `--soak 10` for minutes under load; `--rows tinyJson,memory` for some of its
// rows, `--rounds 20 --seconds 1` for many short turns, which a busy machine disturbs less than few long ones.
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { ensureReady, runTool } from './setup/index.mjs';

const measures = {
  folder: async () => (await import('./bench/folder.mjs')).measureFolder,
  photo: async () => (await import('./bench/single.mjs')).measurePhoto,
  'detection-folder': async () => (await import('./bench/folder.mjs')).measureDetectionFolder,
  'detection-photo': async () => (await import('./bench/single.mjs')).measureDetectionPhoto,
  pipeline: async () => (await import('./bench/pipeline.mjs')).measurePipeline,
  work: async () => (await import('./bench/work.mjs')).measureWork,
  tensor: async () => (await import('./bench/single.mjs')).measureTensors,
  cache: async () => (await import('./bench/single.mjs')).measureCache,
  store: async () => (await import('./bench/store.mjs')).measureStore,
  similar: async () => (await import('./bench/similar.mjs')).measureSimilar,
  scan: async () => (await import('./bench/scan.mjs')).measureScan,
  launch: async () => (await import('./bench/launch.mjs')).measureLaunch,
  delta: async () => (await import('./bench/delta.mjs')).measureDelta,
  lifecycle: async () => (await import('./bench/lifecycle.mjs')).measureLifecycle,
  serving: async () => (await import('./bench/serving.mjs')).measureServing,
  window: async () => (await import('./bench/window.mjs')).measureWindow,
};

await runTool(async () => {
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      markdown: { type: 'boolean', default: false },
      serve: { type: 'string', default: '' },
      soak: { type: 'string', default: '0' },
      rows: { type: 'string', default: '' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const names = values.only ? values.only.split(',') : Object.keys(measures);
  if (names.some((name) => !(name in measures))) {
    console.error(`--only takes: ${Object.keys(measures).join(', ')}`);
    return 2;
  }
  await ensureReady({ electron: false });
  const { ensureBuilt } = await import('./build.mjs');
  await ensureBuilt({ log: console.log });
  const { jsonOf, markdownOf, tableOf } = await import('./bench/rows.mjs');
  console.log(
    `\n${os.cpus()[0]?.model}, ${os.availableParallelism()} cores, Node ${process.versions.node}\n`,
  );
  const how = {
    isQuick: values.quick,
    serve: values.serve.split(/\s+/u).filter(Boolean),
    soakMinutes: Number(values.soak),
    rows: values.rows.split(',').filter(Boolean),
    ...(values.rounds && { rounds: Number(values.rounds) }),
    ...(values.seconds && { seconds: Number(values.seconds) }),
  };
  const rows = [];
  let isBroken = false;
  for (const name of names) {
    try {
      const measure = await measures[name]();
      rows.push(...(await measure({ ...how, log: (line) => console.log(line) })));
    } catch (error) {
      isBroken = true;
      console.error(`${name} could not be measured: ${error.stack ?? error}`);
    }
  }
  console.log(`\n${values.markdown ? markdownOf(rows) : tableOf(rows)}`);
  if (values.json) writeFileSync(values.json, jsonOf(rows));
  return isBroken ? 1 : 0;
});
