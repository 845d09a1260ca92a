import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { linesOf, outpost, root } from './cli-process.ts';
import { endAll, post, startServe } from './serve-process.ts';
import type { Serve } from './serve-process.ts';
import { newFolder } from '../temp/folder.ts';

afterEach(endAll);
const sample = path.join(root, 'models', 'tensor-demo', 'samples', 'four-rows.json');
const body = JSON.stringify({ instances: [{ a: [1, 2, 3], b: [10, 20, 30], count: 7 }] });
/** Answers are written in groups, 50 ms apart at most; on a busy machine more. */
const untilWritten = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_000));
const ask = async ({ url }: Serve): Promise<unknown> => {
  const answer = await post(`${url}/v1/models/tensor-demo:predict`, body);
  expect(answer.status).toBe(200);
  return JSON.parse(answer.body);
};
/** Of the tensor demo: requests that ended well, those from the store, and those that ran. */
async function counted({ url }: Serve): Promise<readonly number[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = (name: string): number => {
    const found = text.split('\n').find((each) => each.startsWith(name) && each.includes('tensor-demo'));
    return Number(found?.split(' ').at(-1) ?? 0);
  };
  return [
    line('outpost_requests_total'),
    line('outpost_cache_hits_total'),
    line('outpost_compute_duration_seconds_count'),
  ];
}

test('what a server had answered is answered from the store by the next one, though the first was killed', async () => {
  const data = newFolder('tensor-cache');
  const args = ['--data', data, '--load', 'tensor-demo', '--workers', '1', '--cache', 'tensor-demo'];
  const first = await startServe(args);
  await first.until('Ready after');
  const answer = await ask(first);
  expect(await counted(first)).toEqual([1, 0, 1]);
  await untilWritten();
  first.signal('SIGKILL');
  await first.end();
  const second = await startServe(args);
  await second.until('Ready after');
  expect(await ask(second)).toEqual(answer);
  expect(await ask(second)).toEqual(answer);
  expect(await counted(second)).toEqual([2, 2, 0]);
});

test('the config file names the models; others run anew', async () => {
  const folder = newFolder('tensor-cache');
  const config = path.join(folder, 'serve.yaml');
  const hits = async (line: string): Promise<readonly number[]> => {
    writeFileSync(config, `load: [tensor-demo]\nworkers: 1\n${line}\n`);
    const serve = await startServe(['--config', config]);
    await serve.until('Ready after');
    await ask(serve);
    await untilWritten();
    await ask(serve);
    const figures = await counted(serve);
    await serve.end();
    return figures;
  };
  expect(await hits('cache: all')).toEqual([2, 1, 1]);
  expect(await hits('cache: [efficientnet-lite0]')).toEqual([2, 0, 2]);
});

test('files of tensors predicted twice are answered from the store, unless told not to', async () => {
  const data = newFolder('tensor-cache');
  const predict = async (...more: string[]) => {
    const args = ['predict', '--data', data, '--model', 'tensor-demo', '--format', 'jsonl', ...more, sample];
    const { code, out } = await outpost(args);
    expect(code).toBe(0);
    const [line] = linesOf(out);
    return { cached: line?.cached, result: line?.result };
  };
  const first = await predict();
  expect(first.cached).toBe(false);
  expect(await predict()).toEqual({ ...first, cached: true });
  expect(await predict('--no-cache')).toEqual(first);
  const stats = await outpost(['cache', 'verify', '--data', data]);
  expect(stats.code).toBe(0);
});
