import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';
import { outpost } from './cli-process.ts';
import { startVersions, versionOf } from './reload-drill.ts';
import { endAll, load, post } from './serve-process.ts';
import type { Serve } from './serve-process.ts';

afterEach(endAll);
const tensors = JSON.stringify({ instances: [{ a: [1, 2, 3], b: [10, 20, 30], count: 7 }] });
const small = (mode: string): readonly string[] => [
  '--inference',
  mode,
  '--workers',
  '2',
  '--threads',
  '1',
  '--load',
  'tensor-demo',
];
const predicts = (serve: Serve) => load(2, () => post(`${serve.url}/v1/models/tensor-demo:predict`, tensors));
const reloads = (serve: Serve): number => serve.output().split('Reloaded:').length - 1;

// With worker processes it is the engine of test/lifecycle/beside.
test.each(['in-process', 'isolated'].slice(0, inLong(2, 1)))(
  'a version that another process switches or rolls back answers without a signal and without a failed request (%s)',
  async (mode) => {
    const data = newFolder('serve');
    const { serve, models } = await startVersions([...small(mode), '--data', data]);
    const calls = predicts(serve);
    for (let turn = 0; turn < inLong(10, 1); turn += 1) {
      const switched = await outpost([
        'models',
        'switch',
        'tensor-demo@1.0.0',
        '--data',
        data,
        '--models',
        models,
      ]);
      expect(switched.code, switched.error).toBe(0);
      await expect.poll(() => versionOf(serve), { timeout: 60_000 }).toBe('1000000');
      const back = await outpost(['models', 'rollback', 'tensor-demo', '--data', data, '--models', models]);
      expect(back.code, back.error).toBe(0);
      await expect.poll(() => versionOf(serve), { timeout: 60_000 }).toBe('1001000');
    }
    const answers = await calls.stop();
    expect(answers.length).toBeGreaterThan(20);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  },
  inLong(600_000, 120_000),
);

test('a storm of SIGHUP is a few reloads, and no request fails', async () => {
  const { serve } = await startVersions(small('in-process'));
  const calls = predicts(serve);
  for (let count = 0; count < 50; count += 1) {
    serve.signal('SIGHUP');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await expect.poll(() => reloads(serve), { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
  const seen = reloads(serve);
  // Nothing is left to be done.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(reloads(serve)).toBe(seen);
  expect(seen).toBeLessThanOrEqual(3);
  const answers = await calls.stop();
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  const commands = serve.children().map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  expect(commands.filter((text) => text.includes('http-worker'))).toHaveLength(2);
});
