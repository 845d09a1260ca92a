import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isAnswered } from '../../contract/runs/prediction.ts';
import { nodeStartWorker } from '../../main/engine/index.ts';
import type { StartWorker } from '../../main/engine/index.ts';
import { openTestEngine, root } from '../fakes/engine.ts';
import { builtEntry } from '../fixtures/built.ts';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';

/** A kill for every `each` items, and some more at the end. A detector takes several times as long. */
const runs = [
  {
    model: 'efficientnet-lite0',
    variant: 'int8',
    items: inLong(5_000, 500),
    each: 90,
    kills: inLong(50, 5),
  },
  { model: 'camera-triage', variant: 'fp32', items: inLong(1_000, 120), each: 45, kills: inLong(20, 2) },
] as const;

test.each(runs)(
  '$kills workers killed in a run of $items items with $model: as many outcomes, no duplicate, nothing set aside',
  async ({ model, variant, items, each, kills }) => {
    const folder = newFolder();
    const tiny = path.join(folder, 'tiny.png');
    // A picture small enough that the run is about the pool.
    execFileSync(process.execPath, [
      '-e',
      `require('sharp')(process.argv[1]).resize(128).png().toFile(process.argv[2])`,
      path.join(root, 'models', 'camera-triage', 'samples', 'sheet.jpg'),
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
      override: { workers: 2, threads: 1, variant },
      limits: { backoffMs: 20 },
    });
    const seen = new Map<string, string>();
    const results = new Set<string>();
    let killed = 0;
    let finished = 0;
    for await (const outcome of opened.engine.predictAll({ inputs: [photos], model, useCache: false })) {
      expect(seen.has(outcome.input)).toBe(false);
      seen.set(outcome.input, isAnswered(outcome) ? 'ok' : outcome.fault.code);
      if (isAnswered(outcome)) results.add(JSON.stringify(outcome.result));
      finished += 1;
      const victim = [...pids].at(0);
      if (finished % each === 0 && killed < kills && victim !== undefined) {
        process.kill(victim, 'SIGKILL');
        killed += 1;
      }
    }
    expect(killed).toBe(kills);
    expect(seen.size).toBe(items);
    expect([...seen.values()].filter((code) => code !== 'ok')).toEqual([]);
    // One picture under many names: a kill changes no answer, and none is half of one.
    expect(results.size).toBe(1);
    expect(opened.engine.status().quarantined).toEqual([]);
    await opened.close();
    expect(pids.size).toBe(0);
  },
);
