import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Client, credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writePeople } from '../http/predict/packs.ts';
import { protocol } from '../../main/http/oip-grpc/protocol.ts';
import { photo } from './cli-process.ts';
import { startServe } from './serve-process.ts';
import type { Serve } from './serve-process.ts';
import { newFolder } from '../temp/folder.ts';

/* One large request of each kind, and how long the server's event loop is held meanwhile, measured in the server itself. */

const mostHeldMs = 250;
let serve: Serve;
let watch: string;
let grpcPort: number;

beforeAll(async () => {
  const place = path.join(newFolder('loop-watch'), 'port');
  const module = path.join(import.meta.dirname, 'drill/loop-watch.mjs');
  grpcPort = 20_000 + (process.pid % 20_000);
  serve = await startServe(
    ['--models', writePeople(), '--workers', '1', '--grpc-bind', `127.0.0.1:${grpcPort}`],
    { LOOP_WATCH: place, NODE_OPTIONS: `--import=${module}` },
  );
  await serve.until('Ready after');
  watch = `http://127.0.0.1:${readFileSync(place, 'utf8')}`;
}, 120_000);
afterAll(async () => {
  expect(await serve.end()).toBe(0);
}, 60_000);

/** Longest time that the event loop was held since the last call, in milliseconds. */
const heldMs = async (holdMs = 0): Promise<number> =>
  Number(await (await fetch(`${watch}/${holdMs}`)).text());

type Large = { readonly path: string; readonly type: string; readonly body: () => Uint8Array<ArrayBuffer> };

const text = (value: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(value));
const list = (value: string, count: number): string => `[${`${value},`.repeat(count - 1)}${value}]`;
const inferPath = '/v2/models/tensor-demo/infer';
const predict = '/v1/models/tensor-demo:predict';
const rows = 350_000;
const binaryRows = 666_667;

const matrix = Buffer.from(new Float32Array(binaryRows * 3).fill(0.1).buffer);
const counts = Buffer.alloc(binaryRows * 8);
const binaryInputs = [
  { name: 'a', datatype: 'FP32', shape: [binaryRows, 3], raw: matrix },
  { name: 'b', datatype: 'FP32', shape: [binaryRows, 3], raw: matrix },
  { name: 'count', datatype: 'INT64', shape: [binaryRows], raw: counts },
];
const binaryHead = Buffer.from(
  JSON.stringify({
    inputs: binaryInputs.map(({ raw, ...input }) => ({
      ...input,
      parameters: { binary_data_size: raw.byteLength },
    })),
  }),
);

/** Twenty photos as the parts of one form. */
function form(): Uint8Array<ArrayBuffer> {
  const part = Buffer.concat([
    Buffer.from('--edge\r\nContent-Disposition: form-data; name="file"; filename="c.png"\r\n'),
    Buffer.from('Content-Type: image/png\r\n\r\n'),
    readFileSync(photo('chelsea.png')),
    Buffer.from('\r\n'),
  ]);
  return new Uint8Array(Buffer.concat([...Array<Buffer>(20).fill(part), Buffer.from('--edge--\r\n')]));
}

const json = 'application/json';
const kinds: Readonly<Record<string, Large>> = {
  'TF Serving columns of 11 MB': {
    path: predict,
    type: json,
    body: () => {
      const values = list('[1.5,2.5,3.5]', rows);
      return text(`{"inputs":{"a":${values},"b":${values},"count":${list('7', rows)}}}`);
    },
  },
  'TF Serving rows of 8 MB': {
    path: predict,
    type: json,
    body: () => text(`{"instances":${list('{"a":[1.5,2.5,3.5],"b":[1,2,3],"count":7}', 190_000)}}`),
  },
  'OIP JSON of 9 MB': {
    path: inferPath,
    type: json,
    body: () => {
      const input = (name: string): string =>
        `{"name":"${name}","datatype":"FP32","shape":[${rows},3],"data":${list('1.5', rows * 3)}}`;
      const count = `{"name":"count","datatype":"INT64","shape":[${rows}],"data":${list('7', rows)}}`;
      return text(`{"inputs":[${input('a')},${input('b')},${count}]}`);
    },
  },
  'OIP binary with 2 million values, answered as JSON': {
    path: inferPath,
    type: 'application/octet-stream',
    body: () => new Uint8Array(Buffer.concat([binaryHead, matrix, matrix, counts])),
  },
  'a form of 20 photos': {
    path: '/predict?model=efficientnet-lite0&cache=false',
    type: 'multipart/form-data; boundary=edge',
    body: form,
  },
  'repository index with a body of 1 MB': {
    path: '/v2/repository/index',
    type: json,
    body: () => text(`{"ready":true,"a":${list('0', 500_000)}}`),
  },
  'CSV of 20 MB': {
    path: '/predict?model=people',
    type: 'text/csv',
    body: () => text(`age,height,city,left-handed\n${`5,1.5,${'Bonn'.repeat(12)},true\n`.repeat(330_000)}`),
  },
};

/** Asks until a look is short enough: what others do on this computer may disturb one, but work on the loop is in each. */
async function shortestHeldMs(ask: () => Promise<void>): Promise<number> {
  const tries: number[] = [];
  while (tries.length < 3 && !(Math.min(...tries) < mostHeldMs)) {
    await heldMs();
    await ask();
    tries.push(await heldMs());
  }
  if (process.env['LOOP_PRINT']) process.stderr.write(`LOOP ${tries.map(Math.round).join(' ')}\n`);
  return Math.min(...tries);
}

test('the measure sees a loop that is held', async () => {
  expect(await heldMs(400)).toBeGreaterThan(350);
});

test.for(Object.entries(kinds))('%s', async ([, { path: to, type, body }]) => {
  const bytes = body();
  const headers: Record<string, string> = { 'content-type': type };
  if (type === 'application/octet-stream')
    headers['inference-header-content-length'] = String(binaryHead.byteLength);
  const held = await shortestHeldMs(async () => {
    const answer = await fetch(serve.url + to, { method: 'POST', headers, body: bytes });
    const output = Buffer.from(await answer.arrayBuffer());
    expect(answer.status, output.toString('latin1', 0, 300)).toBe(200);
  });
  expect(held).toBeLessThan(mostHeldMs);
});

test('gRPC with 2 million values', async () => {
  const infer = protocol().inference['ModelInfer']!;
  const message = infer.requestSerialize({
    model_name: 'tensor-demo',
    inputs: binaryInputs.map(({ name, datatype, shape }) => ({ name, datatype, shape })),
    raw_input_contents: binaryInputs.map(({ raw }) => raw),
  } as never);
  const client = new Client(`127.0.0.1:${grpcPort}`, credentials.createInsecure(), {
    'grpc.max_receive_message_length': -1,
  });
  const same = (bytes: Buffer): Buffer => bytes;
  const held = await shortestHeldMs(
    () =>
      new Promise((resolve, reject) =>
        client.makeUnaryRequest(infer.path, same, same, message, (error) =>
          error ? reject(error) : resolve(),
        ),
      ),
  );
  client.close();
  expect(held).toBeLessThan(mostHeldMs);
});
