import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MoveBench, packBytes } from './bench.ts';

const root = join(import.meta.dirname, '../../..');
// From here bare imports still resolve.
const built = join(root, 'node_modules', '.cache', 'outpost-test', `fetch-killed-${process.pid}`);
const bench = new MoveBench();
beforeAll(async () => {
  mkdirSync(built, { recursive: true });
  const bundle = await rolldown({
    input: { child: join(import.meta.dirname, 'killed-child.ts') },
    platform: 'node',
    external: (id) => id.startsWith('node:') || !(id.startsWith('.') || id.startsWith('/')),
  });
  await bundle.write({ dir: built, format: 'esm', entryFileNames: '[name].mjs' });
  await bundle.close();
  await bench.open();
});
afterAll(async () => {
  rmSync(built, { recursive: true, force: true });
  await bench.close();
});

type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
};
function child(basis: boolean, step: number): Promise<Ended> {
  const { target, blockmap, ...request } = bench.request({ basis: basis ? bench.basis : null });
  const reported = JSON.stringify({ at: bench.server.address, target, blockmap, request });
  const started = spawn(process.execPath, [join(built, 'child.mjs'), reported, String(step)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  started.stderr.on('data', (piece: Buffer) => (output += piece.toString()));
  return new Promise((resolve) => started.on('exit', (code, signal) => resolve({ code, signal, output })));
}

test.each([
  ['whole', false, 12],
  ['delta', true, 10],
])(
  'a fetch of the %s pack, killed before each of its steps: the next one ends it and loses little',
  { timeout: 180_000 },
  async (_way, isDelta, leastSteps) => {
    let killed = 0;
    let wasted = 0;
    for (let step = 1; ; step += 1) {
      bench.reset();
      const ended = await child(isDelta, step);
      if (ended.signal !== 'SIGKILL') {
        expect(ended).toEqual({ code: 0, signal: null, output: '' });
        break;
      }
      killed += 1;
      const outcome = await bench.fetch({ basis: isDelta ? bench.basis : null });
      expect(outcome.ok || outcome.fault).toBe(true);
      expect(bench.isWhole).toBe(true);
      expect(readdirSync(dirname(bench.to))).toEqual(['pack.outpack']);
      wasted = Math.max(wasted, bench.server.sent - (isDelta ? packBytes * 0.053 : packBytes));
    }
    expect(killed).toBeGreaterThanOrEqual(leastSteps);
    // What was in the connection when the process ended, and a map.
    expect(wasted).toBeLessThan(packBytes / 3);
  },
);
