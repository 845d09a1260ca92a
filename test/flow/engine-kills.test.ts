import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isAnswered } from '../../contract/prediction.ts';
import { nodeStartWorker } from '../../main/engine/index.ts';
import type { StartWorker } from '../../main/engine/index.ts';
import { fixture, openTestEngine } from '../fakes/engine.ts';
import { builtEntry } from '../fixtures/built.ts';
import { newFolder } from '../temp/folder.ts';

test('50 workers killed in a run of 5,000 items: exactly 5,000 outcomes, no duplicate, nothing set aside', async () => {
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
  for (let at = 0; at < 5_000; at += 1)
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
    if (finished % 90 === 0 && killed < 50 && victim !== undefined) {
      process.kill(victim, 'SIGKILL');
      killed += 1;
    }
  }
  expect(killed).toBe(50);
  expect(seen.size).toBe(5_000);
  expect([...seen.values()].filter((code) => code !== 'ok')).toEqual([]);
  expect(opened.engine.status().quarantined).toEqual([]);
  await opened.close();
  expect(pids.size).toBe(0);
});
