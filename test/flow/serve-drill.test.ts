import { readFileSync } from 'node:fs';
import { Client, credentials, status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writePeople } from '../http/predict/packs.ts';
import { changed, chanceFrom, good, talkTo, wireOf } from './drill/requests.ts';
import { protocol } from '../../main/http/oip-grpc/protocol.ts';
import { inLong } from '../long.ts';
import { startServe } from './serve-process.ts';
import type { Serve } from './serve-process.ts';

/* Changed requests of every protocol, from fixed seeds, against a real server: it never ends, never hangs, and has an answer. */

const seeds = [11, 23, 47];
const requestsPerSeed = inLong(180, 60);
const mebibyte = 1024 ** 2;
/** What an asker's own mistake may be called. */
const refusals = new Set([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.UNIMPLEMENTED,
  status.OUT_OF_RANGE,
]);
let serve: Serve;
let port: number;
let grpcPort: number;

beforeAll(async () => {
  grpcPort = 20_000 + (process.pid % 20_000);
  serve = await startServe([
    '--models',
    writePeople(),
    '--workers=1',
    '--receive-timeout=2',
    '--max-body=32mb',
    `--grpc-bind=127.0.0.1:${grpcPort}`,
  ]);
  port = Number(new URL(serve.url).port);
  await serve.until('Ready after');
}, 120_000);
afterAll(async () => {
  expect(await serve.end()).toBe(0);
}, 60_000);

const valueOf = async (name: string): Promise<number> => {
  const text = await (await fetch(`${serve.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'mu').exec(text)?.[1]);
};
/** Of the server and its workers. */
const residentBytes = (): number =>
  [serve.child.pid ?? 0, ...serve.children()].reduce((sum, pid) => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return sum + 1024 * Number(/VmRSS:\s+(\d+)/u.exec(status)?.[1]);
  }, 0);

/** Median time of a small request. */
async function usualMs(): Promise<number> {
  const { path, headers, body } = good[0]!;
  const times: number[] = [];
  for (let at = 0; at < 41; at += 1) {
    const begun = performance.now();
    const answer = await fetch(serve.url + path, { method: 'POST', headers, body: new Uint8Array(body) });
    await answer.arrayBuffer();
    expect(answer.status).toBe(200);
    times.push(performance.now() - begun);
  }
  return times.toSorted((one, other) => one - other)[20]!;
}

/** Longest wait for an answer of /livez while something goes on. */
async function slowestLife(meanwhile: Promise<unknown>): Promise<number> {
  let isOver = false;
  void meanwhile.catch(() => undefined).finally(() => (isOver = true));
  let slowest = 0;
  while (!isOver) {
    const begun = performance.now();
    expect((await fetch(`${serve.url}/livez`)).status).toBe(200);
    slowest = Math.max(slowest, performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return slowest;
}

test('each kind of good request is answered', async () => {
  for (const { name, path, headers, body } of good) {
    const answer = await fetch(serve.url + path, { method: 'POST', headers, body: new Uint8Array(body) });
    expect(answer.status, `${name}: ${await answer.text()}`).toBe(200);
  }
});

test('changed requests: each has an answer, none is a fault of ours', async () => {
  const before = residentBytes();
  const msBefore = await usualMs();
  const wrong: string[] = [];
  const oneSeed = async (seed: number): Promise<void> => {
    const chance = chanceFrom(seed);
    for (let at = 0; at < requestsPerSeed; at += 1) {
      const request = chance.pick(good);
      const pieces = [...wireOf(request, chance)];
      const isPipelined = chance.below(6) === 0;
      if (isPipelined) pieces.push(...wireOf(chance.pick(good), chance));
      const isHalfClosed = chance.below(5) === 0;
      const received = await talkTo(port, pieces, {
        gapMs: chance.below(10) === 0 ? 30 : 0,
        isHalfClosed,
        forMs: 20_000,
      });
      const which = `seed ${seed}, request ${at} (${request.name}${isHalfClosed ? ', half closed' : ''}): ${received.ended}, ${received.text.slice(0, 400)}`;
      const statuses = [...received.text.matchAll(/HTTP\/1\.1 (\d{3}) /gu)].map(([, code]) => Number(code));
      if (received.ended === 'time') wrong.push(which);
      // Who ends its side before the answer is there has hung up, as Node's HTTP server sees it.
      if (statuses.length === 0 && !isHalfClosed) wrong.push(`no answer: ${which}`);
      if (statuses.includes(500) || received.text.includes('"internal"')) wrong.push(which);
      for (const code of statuses)
        if (code >= 400 && !/"error"\s*:\s*"/u.test(received.text)) wrong.push(`no error text: ${which}`);
    }
  };
  const slowest = await slowestLife(Promise.all(seeds.map(oneSeed)));
  expect(wrong).toEqual([]);
  // Others use this computer too; a server that stands still takes seconds.
  expect(slowest).toBeLessThan(2_000);
  await expect
    .poll(() => valueOf('outpost_request_memory_bytes'), { timeout: 20_000 })
    .toBeLessThan(mebibyte);
  expect(residentBytes() - before).toBeLessThan(300 * mebibyte);
  // Once more where others took the computer meanwhile.
  await expect.poll(usualMs, { timeout: 30_000 }).toBeLessThan(3 * msBefore + 20);
  expect(serve.child.exitCode).toBeNull();
}, 240_000);

test('changed gRPC messages: each has a status', async () => {
  const { inference } = protocol();
  const infer = inference['ModelInfer']!;
  const float = (values: readonly number[]): Buffer => Buffer.from(new Float32Array(values).buffer);
  const bytes = infer.requestSerialize({
    model_name: 'tensor-demo',
    inputs: [
      { name: 'a', datatype: 'FP32', shape: [1, 3] },
      { name: 'b', datatype: 'FP32', shape: [1, 3] },
      { name: 'count', datatype: 'INT64', shape: [1] },
    ],
    raw_input_contents: [float([1, 2, 3]), float([4, 5, 6]), Buffer.from(new BigInt64Array([7n]).buffer)],
  } as never);
  const client = new Client(`127.0.0.1:${grpcPort}`, credentials.createInsecure());
  const same = (message: Buffer): Buffer => message;
  const call = (message: Buffer): Promise<ServiceError | null> =>
    new Promise((resolve) =>
      client.makeUnaryRequest(
        infer.path,
        same,
        same,
        message,
        { deadline: Date.now() + 20_000 } as never,
        (error) => resolve(error),
      ),
    );
  expect(await call(bytes)).toBeNull();
  const chance = chanceFrom(5);
  const odd: string[] = [];
  for (let at = 0; at < 300; at += 1) {
    const error = await call(changed(bytes, chance));
    if (error && !refusals.has(error.code)) odd.push(`message ${at}: ${error.message}`);
  }
  expect(odd).toEqual([]);
  client.close();
  await expect
    .poll(() => valueOf('outpost_request_memory_bytes'), { timeout: 20_000 })
    .toBeLessThan(mebibyte);
}, 120_000);
