import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fault } from '../../../contract/faults/faults.ts';
import type { Served, ServedVersion } from '../../../contract/serving/serving.ts';
import type { HttpContext } from '../../../main/http/server/context.ts';
import { metricsRoutes, openMetrics } from '../../../main/http/metrics/index.ts';
import type { Metrics } from '../../../main/http/metrics/index.ts';
import { openTestServing } from '../../fixtures/serving.ts';
import type { TestServing } from '../../fixtures/serving.ts';
import { root } from '../../fakes/engine.ts';
import { parseExposition } from './exposition.ts';

let test: TestServing;
let app: FastifyInstance;
let metrics: Metrics;
let address: string;
let demo: ServedVersion;
/** Told to the metrics as the engine would, for what a test cannot make happen at will. */
let notify: (served: Served) => void;
let only: readonly string[] | null = null;

beforeAll(async () => {
  test = await openTestServing();
  const found = test.serving.find({ id: 'tensor-demo' });
  if (!found.ok) throw new Error(found.fault.message);
  demo = found.value;
  const listeners = new Set<(served: Served) => void>();
  notify = (served) => listeners.forEach((listener) => listener(served));
  const context = {
    serving: {
      ...test.serving,
      onServed: (listener: (served: Served) => void) => {
        listeners.add(listener);
        return test.serving.onServed(listener);
      },
    },
    appVersion: '0.1.0',
    budget: { heldBytes: 0, limitBytes: 1, refused: 0 },
    mayAsk: (caller: { models: readonly string[] | null }, model: string) =>
      caller.models === null || caller.models.includes(model) ? null : fault('model-not-found', { model }),
  } as unknown as HttpContext;
  metrics = openMetrics(context);
  app = fastify();
  app.decorateRequest('caller');
  app.addHook('onRequest', async (request) => {
    request.caller = { program: 'loopback', models: only, isControl: false };
  });
  metricsRoutes(app, context, metrics);
  address = await app.listen({ port: 0, host: '127.0.0.1' });
}, 120_000);
afterAll(async () => {
  await app.close();
  metrics.close();
  await test.close();
});

async function scrape(where = '/metrics') {
  const response = await fetch(address + where);
  const text = await response.text();
  return { response, text, parsed: parseExposition(text) };
}
const served = (more: Partial<Served> = {}): Served => ({
  at: Date.now(),
  client: 'http',
  model: demo.id,
  version: demo.version,
  kind: 'tensor',
  code: 'ok',
  totalMs: 3,
  queueMs: 1,
  runMs: 2,
  rows: 1,
  batchRows: 4,
  cached: false,
  ...more,
});
const ask = () =>
  test.serving.infer({
    served: demo,
    client: 'http',
    tensors: demo.inputs.map(({ name, type, shape }) => {
      const dims = shape.map((size) => (typeof size === 'number' ? size : 1));
      const elements = dims.reduce((all, one) => all * one, 1);
      return { name, type, dims, data: new Uint8Array(elements * (type === 'int64' ? 8 : 4)) };
    }),
  });

describe('/metrics', () => {
  it('counts real answers by model, version, client and status', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, ask));
    expect(answers.map((answer) => answer.ok)).toEqual([true, true, true, true, true]);
    const { response, parsed } = await scrape();
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const labels = { model: 'tensor-demo', version: demo.version, client: 'http' };
    expect(parsed.value('outpost_requests_total', { ...labels, status: 'ok' })).toBe(5);
    expect(parsed.value('outpost_request_duration_seconds_count', labels)).toBe(5);
    expect(parsed.value('outpost_compute_duration_seconds_sum', labels)).toBeGreaterThan(0);
    expect(parsed.value('outpost_model_state', { ...labels, client: undefined, state: 'available' })).toBe(1);
    expect(parsed.value('outpost_workers', {})).toBe(test.serving.status().workers);
    expect(parsed.value('outpost_memory_bytes', {})).toBeGreaterThan(30e6);
    expect(parsed.value('process_resident_memory_bytes', {})).toBeGreaterThan(30e6);
    expect(parsed.value('outpost_utilisation_ratio', {})).toBeLessThanOrEqual(1);
  });

  it('has TensorFlow Serving’s path and names, too', async () => {
    const { parsed } = await scrape('/monitoring/prometheus/metrics');
    const model = { model_name: 'tensor-demo' };
    expect(parsed.value(':tensorflow:serving:request_count', { ...model, status: 'OK' })).toBe(5);
    const latency = { ...model, API: 'Predict', entrypoint: 'REST' };
    expect(parsed.value(':tensorflow:serving:request_latency_count', latency)).toBe(5);
    const buckets = parsed.all(':tensorflow:serving:request_latency_bucket', latency);
    expect(buckets).toHaveLength(34);
    expect(parsed.value(':tensorflow:serving:request_example_count_total', model)).toBe(5);
    expect(
      parsed.value(':tensorflow:serving:batching_session:processed_batch_size_count', model),
    ).toBeGreaterThan(0);
  });

  it('counts a batch once, whoever was in it', async () => {
    for (let n = 0; n < 4; n++) notify(served());
    const labels = { model: 'tensor-demo', version: demo.version, client: 'http' };
    const { parsed } = await scrape();
    const fours = parsed.value('outpost_batch_size_bucket', { ...labels, le: '4' }) ?? 0;
    const twos = parsed.value('outpost_batch_size_bucket', { ...labels, le: '2' }) ?? 0;
    expect(fours - twos).toBeCloseTo(1, 5);
    expect(parsed.value('outpost_queue_wait_p95_seconds', {})).toBeGreaterThan(0);
  });

  it('makes no label of what a program made up', async () => {
    const lines = (await scrape()).text.split('\n').length;
    for (let n = 0; n < 2_000; n++)
      notify(served({ model: `made-up-${n}`, code: 'model-not-found', rows: 0, batchRows: 0 }));
    for (let n = 0; n < 50; n++)
      metrics.countHttp({
        at: 0,
        method: `M${n}`,
        path: '/',
        status: 404,
        ms: 1,
        program: null,
        model: null,
        why: null,
      });
    const { text, parsed } = await scrape();
    expect(text).not.toContain('made-up');
    expect(
      parsed.value('outpost_requests_total', { model: '', client: 'http', status: 'model-not-found' }),
    ).toBe(2_000);
    expect(parsed.value('outpost_http_requests_total', { method: 'OTHER', status: '404' })).toBe(50);
    expect(text.split('\n').length).toBeLessThan(lines + 400);
  });

  it('hides models from a caller who may not ask for them', async () => {
    only = [];
    try {
      const { text } = await scrape();
      expect(text).not.toContain('tensor-demo');
      expect(text).toContain('outpost_workers ');
    } finally {
      only = null;
    }
  });

  it('is cheap for a request', () => {
    const one = served();
    for (let n = 0; n < 20_000; n++) notify(one);
    const begun = process.cpuUsage();
    for (let n = 0; n < 120_000; n++) notify(one);
    const { user, system } = process.cpuUsage(begun);
    // Ten seconds' worth at 12,000 requests a second.
    expect((user + system) / 1e6).toBeLessThan(1);
  });

  it('is what Prometheus reads', async () => {
    const { text } = await scrape();
    const out = process.env['OUTPOST_METRICS_TEXT'];
    if (out !== undefined) writeFileSync(path.resolve(root, out), text);
    // parseExposition throws at what is not as the format says.
    expect(parseExposition(text).names.size).toBeGreaterThan(30);
  });
});
