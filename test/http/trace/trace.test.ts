import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ByteBudget } from '../../../main/http/server/budget/index.ts';
import { openTextThreads } from '../../../main/http/server/text-threads/text-threads.ts';
import { openTracing, traceRoutes } from '../../../main/http/trace/index.ts';
import type { Tracing } from '../../../main/http/trace/index.ts';
import { root } from '../../fakes/engine.ts';
import { openTestServing } from '../../fixtures/serving.ts';
import type { TestServing } from '../../fixtures/serving.ts';
import { connect, limits, startServer } from '../oip-grpc/fixture.ts';

type Value = { readonly stringValue?: string; readonly intValue?: number; readonly boolValue?: boolean };
type SpanJson = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: number };
  readonly attributes: readonly { readonly key: string; readonly value: Value }[];
};
type Post = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: ReturnType<typeof JSON.parse>;
};

/** A collector that keeps what it is sent. */
async function startCollector(): Promise<{
  readonly url: string;
  readonly posts: Post[];
  readonly server: Server;
}> {
  const posts: Post[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      posts.push({
        path: request.url ?? '',
        headers: request.headers,
        body: JSON.parse(Buffer.concat(parts).toString()),
      });
      response.setHeader('content-type', 'application/json');
      response.end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, posts, server };
}

const spansOf = (posts: readonly Post[]): readonly SpanJson[] =>
  posts.flatMap(({ body }) => body.resourceSpans[0].scopeSpans[0].spans as readonly SpanJson[]);
const valuesOf = ({
  attributes,
}: SpanJson): Readonly<Record<string, string | number | boolean | undefined>> =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.boolValue]),
  );
const loaded = (): readonly string[] =>
  Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('@opentelemetry'));
const quiet = (): void => {};

describe('without an endpoint', () => {
  it('there are no traces, and nothing of the SDK is loaded', async () => {
    const silent = [
      {},
      { OTEL_SERVICE_NAME: 'x' },
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318', OTEL_SDK_DISABLED: 'true' },
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318', OTEL_TRACES_EXPORTER: 'none' },
    ];
    for (const env of silent) expect(await openTracing({ env, appVersion: '0.1.0', log: quiet })).toBeNull();
    expect(loaded()).toEqual([]);
  });

  it('what cannot be done is said', async () => {
    const output: string[] = [];
    const log = (_: string, text: string): void => void output.push(text);
    const odd = [
      { OTEL_TRACES_EXPORTER: 'zipkin' },
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'nowhere' },
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    ];
    for (const env of odd) expect(await openTracing({ env, appVersion: '0.1.0', log })).toBeNull();
    expect(output.join('\n')).toMatch(/zipkin[^]*nowhere\/v1\/traces[^]*grpc/u);
  });
});

describe('with an endpoint', () => {
  let opened: TestServing;
  beforeAll(async () => {
    opened = await openTestServing({ engine: { modelFolders: [`${root}/models`] } });
  });
  afterAll(() => opened.close());
  const ends: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });
  const start = async (env: Readonly<Record<string, string>> = {}) => {
    const collector = await startCollector();
    ends.push(() => void collector.server.close());
    const tracing = await openTracing({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`, ...env },
      appVersion: '0.1.0',
      log: quiet,
    });
    if (!tracing) throw new Error('there are no traces');
    return { collector, tracing };
  };
  const startApp = async (tracing: Tracing): Promise<string> => {
    const app = Fastify();
    const budget = new ByteBudget(Infinity);
    const threads = openTextThreads(budget, { timeoutMs: 60_000 });
    const bare = {
      threads,
      serving: opened.serving,
      limits,
      budget,
      appVersion: '0.1.0',
      mayAsk: () => null,
    };
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    const { serving } = traceRoutes(app, bare, tracing);
    app.post('/ask/:model', async (request, reply) => {
      const { model } = request.params as { readonly model: string };
      const served = serving.find({ id: model });
      if (!served.ok) return reply.code(404).send({});
      const data = request.body as Buffer;
      const answer = await serving.infer({
        served: served.value,
        client: 'http',
        tensors: [
          { name: 'a', type: 'float32', dims: [1, 3], data },
          { name: 'b', type: 'float32', dims: [1, 3], data },
          { name: 'count', type: 'int64', dims: [1], data: Buffer.alloc(8) },
        ],
      });
      return reply.code(answer.ok ? 200 : 503).send({});
    });
    ends.push(() => app.close());
    return app.listen({ port: 0, host: '127.0.0.1' });
  };
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  it('a request is a server span below the caller, with its queue and its run', async () => {
    const { collector, tracing } = await start({
      OTEL_SERVICE_NAME: 'lab',
      OTEL_RESOURCE_ATTRIBUTES: 'site=north%20wing,service.name=other',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b',
    });
    const url = await startApp(tracing);
    const body = Buffer.alloc(12);
    // Two at once, so that one's spans cannot be the other's by chance.
    await Promise.all([
      fetch(`${url}/ask/tensor-demo?x=1`, {
        method: 'POST',
        body,
        headers: { traceparent, tracestate: 'a=1' },
      }),
      fetch(`${url}/ask/tensor-demo`, { method: 'POST', body }),
      fetch(`${url}/ask/nobody`, { method: 'POST', body }),
    ]);
    await tracing.close();
    expect(loaded()).not.toEqual([]);
    const [post] = collector.posts;
    expect(post?.path).toBe('/v1/traces');
    expect(post?.headers['api-key']).toBe('a b');
    const resource = Object.fromEntries(
      post?.body.resourceSpans[0].resource.attributes.map(({ key, value }: { key: string; value: Value }) => [
        key,
        value.stringValue,
      ]),
    );
    expect(resource).toMatchObject({ 'service.name': 'lab', 'service.version': '0.1.0', site: 'north wing' });

    const spans = spansOf(collector.posts);
    const servers = spans.filter(({ kind }) => kind === 2);
    expect(servers.map(({ name }) => name)).toEqual(Array(3).fill('POST /ask/:model'));
    const [below] = servers.filter(({ parentSpanId }) => parentSpanId === 'b7ad6b7169203331');
    if (!below) throw new Error('the caller was not taken over');
    expect(below.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(valuesOf(below)).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/ask/:model',
      'url.path': '/ask/tensor-demo',
      'http.response.status_code': 200,
      'outpost.model': 'tensor-demo',
      'outpost.version': '1.0.0',
      'outpost.code': 'ok',
      'outpost.cached': false,
      'outpost.rows': 1,
    });
    expect(new Set(servers.map(({ traceId }) => traceId)).size).toBe(3);
    for (const server of servers) {
      const children = spans.filter(({ parentSpanId }) => parentSpanId === server.spanId);
      const isFound = valuesOf(server)['http.response.status_code'] === 200;
      expect(children.map(({ name }) => name).sort()).toEqual(isFound ? ['queue', 'run'] : []);
      for (const child of children) {
        expect(child.traceId).toBe(server.traceId);
        expect(valuesOf(child)['outpost.batch_rows']).toBeGreaterThanOrEqual(1);
        expect(BigInt(child.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(child.startTimeUnixNano));
      }
    }
  });

  it('faults of the server are errors, those of the caller are not', async () => {
    const { collector, tracing } = await start();
    const url = await startApp(tracing);
    await fetch(`${url}/ask/nobody`, { method: 'POST', body: Buffer.alloc(12) });
    await fetch(`${url}/ask/tensor-demo`, { method: 'POST', body: Buffer.alloc(3) });
    await tracing.close();
    const reported = spansOf(collector.posts)
      .filter(({ kind }) => kind === 2)
      .map((span) => [
        valuesOf(span)['http.response.status_code'],
        valuesOf(span)['outpost.code'],
        span.status.code,
      ]);
    expect(reported).toEqual([
      [404, undefined, 0],
      [503, 'input-invalid', 2],
    ]);
  });

  it('gRPC calls too', async () => {
    const { collector, tracing } = await start();
    const server = await startServer({ serving: opened.serving, tracing });
    const client = connect(server.address);
    await client.call('ModelInfer', {
      model_name: 'tensor-demo',
      inputs: [
        { name: 'a', datatype: 'FP32', shape: [1, 3], contents: { fp32_contents: [1, 2, 3] } },
        { name: 'b', datatype: 'FP32', shape: [1, 3], contents: { fp32_contents: [1, 2, 3] } },
        { name: 'count', datatype: 'INT64', shape: [1], contents: { int64_contents: ['1'] } },
      ],
    });
    await client.call('ModelMetadata', { name: 'nobody' }).catch(quiet);
    client.close();
    await server.close();
    await tracing.close();
    const spans = spansOf(collector.posts);
    expect(spans.map(({ name }) => name)).toEqual([
      'queue',
      'run',
      'inference.GRPCInferenceService/ModelInfer',
      'inference.GRPCInferenceService/ModelMetadata',
    ]);
    const [, , infer, metadata] = spans.map(valuesOf);
    expect(infer).toMatchObject({
      'rpc.grpc.status_code': 0,
      'outpost.client': 'grpc',
      'outpost.model': 'tensor-demo',
    });
    expect(metadata).toMatchObject({ 'rpc.grpc.status_code': 5 });
  });

  it('of a picture, and of one that was answered before', async () => {
    const { collector, tracing } = await start();
    const server = await startServer({ serving: opened.serving, tracing });
    const client = connect(server.address);
    const file = readFileSync(`${root}/test/fixtures/photos/grass.png`);
    const ask = {
      model_name: 'efficientnet-lite0',
      inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], contents: { bytes_contents: [file] } }],
    };
    await client.call('ModelInfer', ask);
    await client.call('ModelInfer', ask);
    client.close();
    await server.close();
    await tracing.close();
    const spans = spansOf(collector.posts);
    expect(spans.map(({ name }) => name.split('/').at(-1))).toEqual([
      'queue',
      'run',
      'ModelInfer',
      'queue',
      'ModelInfer',
    ]);
    expect(spans.map((span) => valuesOf(span)['outpost.cached'])).toEqual([false, false, false, true, true]);
  });

  it('a collector that is not there is told once, and holds nothing up', async () => {
    const output: string[] = [];
    const tracing = await openTracing({
      env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:9/here' },
      appVersion: '0.1.0',
      log: (_, text) => void output.push(text),
    });
    tracing?.begin({ name: 'a', attributes: {} }).end({}, false);
    const begun = performance.now();
    await tracing?.close();
    expect(performance.now() - begun).toBeLessThan(6_000);
    expect(output).toEqual([expect.stringContaining('do not reach http://127.0.0.1:9/here')]);
  });
});
