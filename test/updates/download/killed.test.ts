import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runChild } from '../../fixtures/killed-child.ts';
import type { Ended } from '../../fixtures/killed-child.ts';
import { killedBeforeEachStep } from '../../long.ts';
import { MoveBench, packBytes } from './bench.ts';

const bench = new MoveBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

function child(basis: boolean, step: number): Promise<Ended> {
  const { target, blockmap, ...request } = bench.request({ basis: basis ? bench.basis : null });
  const given = JSON.stringify({ at: bench.server.address, target, blockmap, request });
  return runChild('killed-fetch', [given, String(step)]);
}

test.each([
  ['whole', false, 12],
  ['delta', true, 10],
])(
  'a fetch of the %s pack, killed before each of its steps: the next one ends it and loses little',
  { timeout: 180_000 },
  async (_way, isDelta, leastSteps) => {
    let wasted = 0;
    const attempt = async (step: number): Promise<'killed' | 'done'> => {
      bench.reset();
      const ended = await child(isDelta, step);
      if (ended.signal !== 'SIGKILL') {
        expect(ended).toEqual({ code: 0, signal: null, output: '' });
        return 'done';
      }
      const outcome = await bench.fetch({ basis: isDelta ? bench.basis : null });
      expect(outcome.ok || outcome.fault).toBe(true);
      expect(bench.isWhole).toBe(true);
      expect(readdirSync(dirname(bench.to))).toEqual(['pack.outpack']);
      wasted = Math.max(wasted, bench.server.sent - (isDelta ? packBytes * 0.053 : packBytes));
      return 'killed';
    };
    expect(await killedBeforeEachStep(attempt, { every: 5 })).toBeGreaterThanOrEqual(leastSteps);
    // What was in the connection when the process ended, and a map.
    expect(wasted).toBeLessThan(packBytes / 3);
  },
);
