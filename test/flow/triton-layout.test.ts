import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Graph } from '../fixtures/onnx-builder.ts';
import { onnxModel } from '../fixtures/onnx-builder.ts';
import { rowWise } from '../fixtures/row-graphs.ts';
import { endAll, post, startServe } from './serve-process.ts';
import type { Serve } from './serve-process.ts';
import { newFolder } from '../temp/folder.ts';

const inputs = (rows: number): string =>
  JSON.stringify({
    inputs: [
      {
        name: 'x',
        datatype: 'FP32',
        shape: [rows, 4],
        data: Array.from({ length: rows * 4 }, (_, at) => at / 4),
      },
    ],
  });

function plant(folder: string, name: string, { version = '1', graph, config }: Planted): void {
  mkdirSync(path.join(folder, name, version), { recursive: true });
  writeFileSync(path.join(folder, name, version, 'model.onnx'), onnxModel(graph));
  if (config !== undefined) writeFileSync(path.join(folder, name, 'config.pbtxt'), config);
}
type Planted = { readonly version?: string; readonly graph: Graph; readonly config?: string };

describe.each(['in-process', 'isolated'])('a Triton folder: %s', (inference) => {
  let serve: Serve;
  const json = async (place: string): Promise<Record<string, unknown>> =>
    (await (await fetch(`${serve.url}${place}`)).json()) as Record<string, unknown>;

  beforeAll(async () => {
    const folder = newFolder('triton');
    const graph = rowWise['row-dense']!;
    plant(folder, 'dense', {
      version: '3',
      graph,
      config: 'max_batch_size: 4\ninstance_group [ { count: 2 kind: KIND_CPU } ]',
    });
    plant(folder, 'dense', { version: '12', graph });
    serve = await startServe([
      '--models',
      folder,
      '--load',
      'dense',
      '--workers',
      '1',
      '--inference',
      inference,
    ]);
    await serve.until('Ready after');
  });
  afterAll(endAll);

  it('has its versions as the folder says, wherever a client sees them', async () => {
    expect(await json('/v2/models/dense')).toMatchObject({ versions: ['12', '3'] });
    for (const [asked, reported] of [
      ['', '12'],
      ['/versions/12', '12'],
      ['/versions/3', '3'],
      ['/versions/3.0.0', '3'],
      ['/versions/3000000', '3'],
    ]) {
      const { status, body } = await post(`${serve.url}/v2/models/dense${asked}/infer`, inputs(1));
      expect([status, (JSON.parse(body) as { model_version: string }).model_version]).toEqual([
        200,
        reported,
      ]);
    }
    const index = await post(`${serve.url}/v2/repository/index`, '{}');
    const versions = (JSON.parse(index.body) as { name: string; version: string }[])
      .filter(({ name }) => name === 'dense')
      .map(({ version }) => version);
    expect(versions).toEqual(['12', '3']);
    const status = await json('/v1/models/dense');
    expect(status).toMatchObject({
      model_version_status: [{ version: '12', state: 'AVAILABLE' }, { version: '3' }],
    });
    expect(await json('/v1/models/dense/versions/3/metadata')).toMatchObject({
      model_spec: { version: '3' },
    });
    expect(
      (await post(`${serve.url}/v1/models/dense/versions/12:predict`, '{"instances":[[1,2,3,4]]}')).status,
    ).toBe(200);
    expect(await json('/v2/models/dense/versions/3/stats')).toMatchObject({
      model_stats: [{ version: '3' }],
    });
    const metrics = await (await fetch(`${serve.url}/metrics`)).text();
    expect(metrics).toMatch(/outpost_requests_total\{[^}]*model="dense",version="3"/u);
    expect(metrics).not.toContain('version="3.0.0"');
    expect((await post(`${serve.url}/v2/models/dense/versions/0/infer`, inputs(1))).status).toBe(404);
    const missing = await post(`${serve.url}/v2/models/dense/versions/5/infer`, inputs(1));
    expect(missing.status).toBe(404);
    expect(missing.body).toContain('12, stable, 3');
  });

  it('has as many workers of its own as its instance groups say, and tells so', async () => {
    const config = (await json('/v2/models/dense/config')) as { max_batch_size: number };
    expect(config).toMatchObject({
      max_batch_size: 4,
      instance_group: [{ count: 2 }],
      input: [{ name: 'x', dims: [4] }],
    });
    // An HTTP worker holds every model, whatever their instance groups say.
    if (inference === 'in-process') return;
    // Two for each version that was asked for.
    await post(`${serve.url}/v2/models/dense/versions/3/infer`, inputs(1));
    const metrics = await (await fetch(`${serve.url}/metrics`)).text();
    expect(metrics).toMatch(/^outpost_workers_min 4$/mu);
  });

  it('refuses more rows than max_batch_size, and counts what was refused', async () => {
    const fails = async (): Promise<number> => {
      const stats = (await json('/v2/models/dense/versions/12/stats')) as {
        model_stats: { inference_stats: { fail: { count: number } } }[];
      };
      return stats.model_stats[0]!.inference_stats.fail.count;
    };
    const before = await fails();
    expect((await post(`${serve.url}/v2/models/dense/infer`, inputs(4))).status).toBe(200);
    const large = await post(`${serve.url}/v2/models/dense/infer`, inputs(5));
    expect(large.status).toBe(400);
    expect(large.body).toContain('batch-size must be <= 4 for dense');
    const table = await post(
      `${serve.url}/v1/models/dense:predict`,
      JSON.stringify({ instances: Array.from({ length: 5 }, () => [1, 2, 3, 4]) }),
    );
    expect(table.status).toBe(400);
    expect(await fails()).toBe(before + 2);
    const wrong = JSON.stringify({
      inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 5], data: [1, 2, 3, 4, 5] }],
    });
    expect((await post(`${serve.url}/v2/models/dense/infer`, wrong)).status).toBe(400);
    expect((await post(`${serve.url}/v2/models/dense/infer`, '{"inputs":7}')).status).toBe(400);
    expect((await post(`${serve.url}/v1/models/dense:predict`, '{"instances":"x"}')).status).toBe(400);
    const stray = JSON.stringify({ ...(JSON.parse(inputs(1)) as object), outputs: [{ name: 'nothing' }] });
    expect((await post(`${serve.url}/v2/models/dense/infer`, stray)).status).toBe(400);
    expect(await fails()).toBe(before + 6);
  });

  it('tells the times of inputs and outputs beside that of the model', async () => {
    const {
      model_stats: [stats],
    } = (await json('/v2/models/dense/versions/12/stats')) as {
      model_stats: {
        inference_stats: Record<string, { count: number; ns: number }>;
        batch_stats: Record<string, { count: number; ns: number }>[];
      }[];
    };
    const { success, compute_input, compute_infer, compute_output } = stats!.inference_stats;
    expect(success!.count).toBeGreaterThan(0);
    for (const one of [compute_input, compute_infer, compute_output]) {
      expect(one!.count).toBe(success!.count);
      expect(one!.ns).toBeGreaterThan(0);
    }
    expect(compute_input!.ns + compute_output!.ns + compute_infer!.ns).toBeLessThanOrEqual(success!.ns);
    expect(stats!.batch_stats[0]).toHaveProperty('compute_input');
    expect(stats!.batch_stats[0]).toHaveProperty('compute_output');
  });
});

describe('a request that takes too long', () => {
  afterEach(endAll);

  it('is answered with 504 and leaves the node ready', async () => {
    const folder = newFolder('slow');
    const multiply = (from: string, to: string) => ({ op: 'MatMul', inputs: [from, from], outputs: [to] });
    plant(folder, 'slow', {
      graph: {
        nodes: [
          { op: 'ConstantOfShape', inputs: ['n'], outputs: ['a'] },
          multiply('a', 'b'),
          multiply('b', 'c'),
          multiply('c', 'd'),
          multiply('d', 'e'),
          { op: 'ReduceSum', inputs: ['e'], outputs: ['y'], attributes: { keepdims: 0 } },
        ],
        inputs: [{ name: 'n', type: 'int64', shape: [2] }],
        outputs: [{ name: 'y', type: 'float32', shape: [] }],
      },
    });
    const serve = await startServe([
      '--models',
      folder,
      '--load',
      'slow',
      '--inference',
      'isolated',
      '--workers',
      '1',
      '--timeout',
      '1',
    ]);
    await serve.until('Ready after');
    const ask = (size: number) =>
      post(
        `${serve.url}/v2/models/slow/infer`,
        JSON.stringify({ inputs: [{ name: 'n', datatype: 'INT64', shape: [2], data: [size, size] }] }),
      );
    expect((await ask(2)).status).toBe(200);
    const statuses = new Set<number>();
    let isOver = false;
    const watching = (async () => {
      while (!isOver) {
        for (const place of ['/readyz', '/v2/health/ready', '/v2/models/slow/ready'])
          statuses.add((await fetch(`${serve.url}${place}`)).status);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    expect((await ask(5_000)).status).toBe(504);
    await expect.poll(async () => (await ask(2)).status, { timeout: 30_000 }).toBe(200);
    isOver = true;
    await watching;
    expect([...statuses]).toEqual([200]);
  });
});
