import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isAnswered } from '../../contract/prediction.ts';
import { nodeStartWorker } from '../../main/engine/index.ts';
import type { StartWorker } from '../../main/engine/index.ts';
import { fixture, openTestEngine } from '../fakes/engine.ts';
import { builtEntry } from '../fixtures/built.ts';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';

/** A kill for every ninety items, and some more at the end. */
const items = inLong(5_000, 1_000);
const kills = items / 100;

test(`${kills} workers killed in a run of ${items} items: as many outcomes, no duplicate, nothing set aside`, async () => {
  const folder = newFolder();
  const tiny = path.join(folder, 'tiny.png');
  // A picture small enough that the run is about the pool.
  execFileSync(process.execPath, [
    '-e',
    `require('sharp')(process.argv[1]).resize(32, 32).png().toFile(process.argv[2])`,
    fixture('photos/coffee.png'),
    tiny,
  ]);
  const photos = path.join(folder, 'photos');
  mkdirSync(photos);
  for (let at = 0; at < items; at += 1)
    copyFileSync(tiny, path.join(photos, `${String(at).padStart(4, '0')}.png`));

  const pids = new Set<number>();
  const start = nodeStartWorker(await builtEntry('worker'));
  const startWorker: StartWorker = (env) => {
    const worker = start(env);
    const { pid } = worker;
    if (pid !== undefined) pids.add(pid);
    worker.onExit(() => void (pid !== undefined && pids.delete(pid)));
    return worker;
  };
  const opened = await openTestEngine({
    startWorker,
    override: { workers: 2, threads: 1, variant: 'int8' },
    limits: { backoffMs: 20 },
  });
  const seen = new Map<string, string>();
  let killed = 0;
  let finished = 0;
  for await (const outcome of opened.engine.batch({ inputs: [photos], useCache: false })) {
    expect(seen.has(outcome.input)).toBe(false);
    seen.set(outcome.input, isAnswered(outcome) ? 'ok' : outcome.fault.code);
    finished += 1;
    const victim = [...pids].at(0);
    if (finished % 90 === 0 && killed < kills && victim !== undefined) {
      process.kill(victim, 'SIGKILL');
      killed += 1;
    }
  }
  expect(killed).toBe(kills);
  expect(seen.size).toBe(items);
  expect([...seen.values()].filter((code) => code !== 'ok')).toEqual([]);
  expect(opened.engine.status().quarantined).toEqual([]);
  await opened.close();
  expect(pids.size).toBe(0);
});
