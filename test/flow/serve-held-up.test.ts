import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { writeTensorPack } from '../fixtures/tensor-pack.ts';
import { newFolder } from '../temp/folder.ts';
import { endAll, startServe } from './serve-process.ts';
import type { Serve } from './serve-process.ts';

afterEach(endAll);
const side = 768;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A chain of products that keeps one core for seconds: `run` stands still for its process all that time. */
function slowPacks(steps: number): string {
  const folder = newFolder('slow');
  const nodes = Array.from({ length: steps }, (_, at) => ({
    op: 'MatMul',
    inputs: [at === 0 ? 'x' : `y${at}`, 'x'],
    outputs: [at === steps - 1 ? 'y' : `y${at + 1}`],
  }));
  const square = (name: string) => ({ name, type: 'float32' as const, shape: ['N', 'N'] });
  writeTensorPack(folder, 'slow', { nodes, inputs: [square('x')], outputs: [square('y')] });
  return folder;
}
const slowBody = (): { body: Buffer; header: number } => {
  const json = Buffer.from(
    JSON.stringify({
      inputs: [
        {
          name: 'x',
          datatype: 'FP32',
          shape: [side, side],
          parameters: { binary_data_size: side * side * 4 },
        },
      ],
      outputs: [{ name: 'y', parameters: { binary_data: true } }],
    }),
  );
  return { body: Buffer.concat([json, Buffer.alloc(side * side * 4)]), header: json.byteLength };
};

/** Each on a connection of its own; null where the connection broke. */
function ask({ url }: Serve, path: string, sent?: { body: Buffer; header: number }) {
  const begun = performance.now();
  return new Promise<{ status: number | null; ms: number }>((resolve) => {
    const end = (status: number | null): void => resolve({ status, ms: performance.now() - begun });
    const asked = request(`${url}${path}`, {
      method: sent ? 'POST' : 'GET',
      agent: false,
      ...(sent && {
        headers: {
          'inference-header-content-length': sent.header,
          'content-length': sent.body.byteLength,
        },
      }),
    });
    asked.on('response', (answer) => {
      answer.resume();
      answer.on('end', () => end(answer.statusCode ?? null));
    });
    asked.on('error', () => end(null));
    asked.end(sent?.body);
  });
}

const usual = ['--inference', 'in-process', '--workers', '2', '--threads', '1', '--load', 'slow'];
const options = (folder: string, ...more: readonly string[]): readonly string[] => [
  ...usual,
  '--models',
  folder,
  ...more,
];

test('probes are answered while every worker is inside a model for seconds', async () => {
  const serve = await startServe(options(slowPacks(300)));
  await serve.until('Ready after');
  const runs = [
    ask(serve, '/v2/models/slow/infer', slowBody()),
    ask(serve, '/v2/models/slow/infer', slowBody()),
  ];
  await wait(700);
  const times: number[] = [];
  for (let turn = 0; turn < 20; turn += 1)
    for (const path of ['/livez', '/readyz']) {
      const { status, ms } = await ask(serve, path);
      expect(status).toBe(200);
      times.push(ms);
    }
  const sorted = times.toSorted((one, other) => one - other);
  const lasted = await Promise.all(runs);
  // The models were at work all the while, or this shows nothing.
  for (const { status, ms } of lasted) {
    expect(status).toBe(200);
    expect(ms).toBeGreaterThan(1_500);
  }
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(50);
});

test('a run that is too long ends its worker, the log names the model, and another worker answers', async () => {
  const serve = await startServe(options(slowPacks(1_500), '--timeout', '1'));
  await serve.until('Ready after');
  const { status, ms } = await ask(serve, '/v2/models/slow/infer', slowBody());
  expect(status).toBe(null);
  expect(ms).toBeGreaterThan(900);
  await serve.until(/an HTTP worker ended \(slow@1\.0\.0 did not answer in time\)/u);
  expect((await ask(serve, '/v2/models/slow/ready')).status).toBe(200);
  await expect.poll(() => serve.children().length).toBe(2);
});

test('a worker that is stopped is ended and replaced', async () => {
  const serve = await startServe(options(slowPacks(300)));
  await serve.until('Ready after');
  const [victim] = serve.children();
  process.kill(victim!, 'SIGSTOP');
  await serve.until('it was silent');
  await expect.poll(() => serve.children().length).toBe(2);
  expect(serve.children()).not.toContain(victim);
  expect((await ask(serve, '/v2/models/slow/ready')).status).toBe(200);
});
