import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openBenchEngine } from './bundle.mjs';
import { classifier, withFolder } from './places.mjs';
import { atMost } from './rows.mjs';

const perFolder = 500;

/** Main-process memory while a tree is walked, in a process of its own that did nothing else before. */
export function measureScan({ isQuick, log }) {
  return withFolder(async (folder) => {
    const count = isQuick ? 25_000 : 250_000;
    const tree = path.join(folder, 'tree');
    log(`Making a tree of ${count} files …`);
    plant(tree, count);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [fileURLToPath(import.meta.url), tree, path.join(folder, 'data')],
      {
        maxBuffer: 1024 ** 2,
        env: process.env,
      },
    );
    const { outcomes, most, early, late } = JSON.parse(stdout);
    if (outcomes !== count / 10) throw new Error(`${outcomes} of ${count / 10} photos met`);
    log(`  memory ${early.toFixed(0)} MB after a fifth, ${late.toFixed(0)} MB at the end`);
    const many = count.toLocaleString('en');
    return [
      atMost(`main process while walking ${many} files, most memory`, most, { bar: 400, unit: 'MB' }),
      atMost(`the same, growth from a fifth of the way to the end`, late - early, { bar: 60, unit: 'MB' }),
    ];
  });
}

/** One file in ten is an empty photo: found and reported as a fault without decoding, so the walk sets the pace. */
function plant(tree, count) {
  for (let at = 0; at < count; at += 1) {
    const folder = path.join(
      tree,
      `camera-${Math.floor(at / perFolder / 20)}`,
      `day-${Math.floor(at / perFolder)}`,
    );
    if (at % perFolder === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, at % 10 === 0 ? `IMG_${at}.JPG` : `IMG_${at}.xmp`), '');
  }
}

async function walk(tree, data) {
  const { engine, close } = await openBenchEngine(data);
  const memory = () => process.memoryUsage().rss / 1e6;
  const total = [];
  let most = 0;
  let outcomes = 0;
  const timer = setInterval(() => (most = Math.max(most, memory())), 20);
  for await (const _ of engine.predictAll({ inputs: [tree], model: classifier.id })) {
    outcomes += 1;
    if (outcomes % 250 === 0) total.push(memory());
  }
  clearInterval(timer);
  const share = (from, to) =>
    total.slice(Math.floor(total.length * from), Math.max(1, Math.ceil(total.length * to)));
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  console.log(
    JSON.stringify({
      outcomes,
      most: Math.max(most, ...total),
      early: mean(share(0.15, 0.25)),
      late: mean(share(0.9, 1)),
    }),
  );
  await close();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await walk(process.argv[2], process.argv[3]);
