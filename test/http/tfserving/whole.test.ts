import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHttpServer } from '../../../main/http/index.ts';
import type { HttpServer } from '../../../main/http/index.ts';
import { root } from '../../fakes/engine.ts';
import { openTestServing } from '../../fixtures/serving.ts';
import type { TestServing } from '../../fixtures/serving.ts';
import { get, post } from './fixture.ts';

const hasPython = ((): boolean => {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

let test: TestServing;
let server: HttpServer;
beforeAll(async () => {
  test = await openTestServing();
  const opened = await openHttpServer({
    serving: test.serving,
    appVersion: '0.1.0',
    bind: '127.0.0.1:0',
    grpcBind: null,
    tokens: null,
    anyone: { program: 'loopback', models: null, isControl: true },
    allowedHosts: [],
    corsOrigins: [],
    log: () => {},
  });
  if (!opened.ok) throw new Error(opened.fault.message);
  server = opened.value;
});
afterAll(async () => {
  await server.close({ graceMs: 1_000 });
  await test.close();
});

describe('the whole server', () => {
  it.skipIf(!hasPython)('answers a Python program written for TensorFlow Serving', async () => {
    const folder = path.join(root, 'models/efficientnet-lite0');
    const { samples } = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as {
      readonly samples: readonly { readonly file: string }[];
    };
    const program = path.join(root, 'test/clients/tfs_rest.py');
    const picture = path.join(folder, samples[0]!.file);
    const { stdout } = await promisify(execFile)('python3', [program, server.address, picture]);
    expect(stdout).toMatch(/^[^\n]+ 0\.\d{4}\nok\n$/u);
  });

  it('takes a picture as a tensor of JSON, and answers what the binary tensor gives', async () => {
    const size = 3 * 224 * 224;
    const pixels = Float32Array.from({ length: size }, (_, at) => Math.sin(at));
    const spec = test.serving.catalogue().find(({ id }) => id === 'efficientnet-lite0')!;
    const input = spec.inputs[0]!;
    const dims = [1, ...input.shape.slice(1).map(Number)];
    const body = JSON.stringify({ instances: nested(Array.from(pixels), dims) });
    const answer = await post(`${server.address}/v1/models/efficientnet-lite0:predict`, body);
    expect(answer.status).toBe(200);
    const { predictions } = JSON.parse(answer.text) as { readonly predictions: readonly unknown[] };
    const binary = await test.serving.infer({
      served: spec,
      client: 'http',
      tensors: [{ name: input.name, type: 'float32', dims, data: new Uint8Array(pixels.buffer) }],
    });
    if (!binary.ok) throw new Error(binary.fault.message);
    const first = binary.value.tensors[0]!;
    const wanted = Array.from(new Float32Array(Uint8Array.from(first.data).buffer));
    const row = predictions[0] as readonly number[] | Readonly<Record<string, readonly number[]>>;
    const given = Array.isArray(row)
      ? row
      : (row as Readonly<Record<string, readonly number[]>>)[first.name]!;
    expect((given as readonly number[]).map(Math.fround)).toEqual(wanted);
  });

  it('refuses a body of millions of values of no use, and goes on', async () => {
    const body = `{"instances": [${'[],'.repeat(4_100_000)}[]]}`;
    const url = `${server.address}/v1/models/tensor-demo:predict`;
    const answer = await post(url, body);
    expect([answer.status, answer.text]).toEqual([
      400,
      '{"error":"\'instances\' is a list of values, and the model takes objects with its inputs a, b, count (byte 14)"}',
    ]);
    expect((await get(`${server.address}/v1/models/tensor-demo`)).status).toBe(200);
  });

  it('answers a path that cannot be decoded with 400', async () => {
    const answer = await get(`${server.address}/v1/models/%zz`);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toHaveProperty('error');
  });
});

/** The nested lists of a tensor. */
function nested(values: readonly number[], dims: readonly number[]): unknown {
  const [size = 1, ...rest] = dims;
  if (rest.length === 0) return values;
  const step = values.length / size;
  return Array.from({ length: size }, (_, at) => nested(values.slice(at * step, (at + 1) * step), rest));
}
