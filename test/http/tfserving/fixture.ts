import path from 'node:path';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import type { TensorSpec } from '../../../contract/tensors/tensor.ts';
import { elementTypes } from '../../../contract/tensors/tensor.ts';
import { ByteBudget } from '../../../main/http/server/budget/index.ts';
import { openTextThreads } from '../../../main/http/server/text-threads/text-threads.ts';
import type { HttpContext, HttpLimits } from '../../../main/http/server/context.ts';
import { tfsRoutes } from '../../../main/http/tfserving/index.ts';
import { root } from '../../fakes/engine.ts';
import type { Node } from '../../fixtures/onnx-builder.ts';
import { openTestServing } from '../../fixtures/serving.ts';
import { writeTensorPack } from '../../fixtures/tensor-pack.ts';
import { makeVersion } from '../../fixtures/versions.ts';
import { newFolder } from '../../temp/folder.ts';

export const limits: HttpLimits = {
  maxBodyBytes: 64 * 1024 ** 2,
  maxHeaderBytes: 16 * 1024,
  requestMemoryBytes: null,
  maxTensors: 32,
  maxElements: 4 * 1024 ** 2,
  maxJsonDepth: 64,
  timeoutMs: 60_000,
  receiveTimeoutMs: 10_000,
  keepAliveMs: 5_000,
};

export type TfsServer = {
  readonly url: string;
  readonly context: HttpContext;
  /** The last model that the access log would name. */
  askedModel(): string | null;
  close(): Promise<void>;
};

/** The routes on a port of the system, over a real engine with the shipped models and those of `writePacks`. */
export async function startTfs(change: Partial<HttpContext> = {}): Promise<TfsServer> {
  const folder = writePacks();
  const test = await openTestServing({ engine: { modelFolders: [path.join(root, 'models'), folder] } });
  const budget = new ByteBudget(Infinity);
  const context: HttpContext = {
    serving: test.serving,
    limits,
    budget,
    threads: openTextThreads(budget, { timeoutMs: 60_000 }),
    appVersion: '0.1.0',
    mayAsk: () => null,
    ...change,
  };
  let asked: string | null = null;
  const app = bareApp((model) => {
    asked = model;
  });
  tfsRoutes(app, context);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    context,
    askedModel: () => asked,
    close: async () => {
      await app.close();
      await test.close();
    },
  };
}

export type Answer = { readonly status: number; readonly text: string; readonly headers: Headers };

/** Posts a text (or a value as JSON). */
export async function post(url: string, body: unknown): Promise<Answer> {
  const bytes = body instanceof Uint8Array ? Uint8Array.from(body) : null;
  const sent = bytes ?? (typeof body === 'string' ? body : JSON.stringify(body));
  return answerOf(await fetch(url, { method: 'POST', body: sent }));
}
export async function get(url: string, method = 'GET'): Promise<Answer> {
  return answerOf(await fetch(url, { method }));
}
async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, text: await response.text(), headers: response.headers };
}
/** The text of `{"error": …}`. */
export function errorOf({ text }: Answer): string {
  return (JSON.parse(text) as { error: string }).error;
}

/** A fastify app as the server core sets it up: raw bodies, somebody who asks. */
function bareApp(onAsked: (model: string | null) => void): FastifyInstance {
  const app = fastify({ bodyLimit: limits.maxBodyBytes, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: unknown) => body);
  app.decorateRequest('askedModel', null);
  app.addHook('onRequest', async (request) => {
    request.caller = { program: 'loopback', models: null, isControl: true };
  });
  app.addHook('onResponse', async (request) => onAsked(request.askedModel));
  return app;
}

const column = (name: string, type: TensorSpec['type']): TensorSpec => ({ name, type, shape: ['N', 1] });
const list = (name: string, type: TensorSpec['type']): TensorSpec => ({ name, type, shape: ['N'] });
const identity = (from: string, to: string): Node => ({ op: 'Identity', inputs: [from], outputs: [to] });

type Pack = {
  readonly id: string;
  readonly nodes: readonly Node[];
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
};

/** The half_plus_two of every tutorial without constants: 1 is exp(x - x). Infinity and NaN come out as NaN. */
const halfPlusTwo: Pack = {
  id: 'half-plus-two',
  nodes: [
    { op: 'Sub', inputs: ['x', 'x'], outputs: ['zero'] },
    { op: 'Exp', inputs: ['zero'], outputs: ['one'] },
    { op: 'Add', inputs: ['one', 'one'], outputs: ['two'] },
    { op: 'Div', inputs: ['x', 'two'], outputs: ['half'] },
    { op: 'Add', inputs: ['half', 'two'], outputs: ['y'] },
  ],
  inputs: [list('x', 'float32')],
  outputs: [list('y', 'float32')],
};

const packs: readonly Pack[] = [
  halfPlusTwo,
  ...elementTypes.map((type) => ({
    id: `echo-${type}`,
    nodes: [identity('x', 'y')],
    inputs: [{ name: 'x', type, shape: ['N', 'M'] }],
    outputs: [{ name: 'y', type, shape: ['N', 'M'] }],
  })),
  {
    id: 'columns',
    nodes: [identity('age', 'age_out'), identity('city', 'city_out'), identity('raw', 'raw_bytes')],
    inputs: [column('age', 'int64'), column('city', 'string'), column('raw', 'string')],
    outputs: [column('age_out', 'int64'), column('city_out', 'string'), column('raw_bytes', 'string')],
  },
  {
    id: 'scalar',
    nodes: [identity('x', 'y')],
    inputs: [{ name: 'x', type: 'float64', shape: [] }],
    outputs: [{ name: 'y', type: 'float64', shape: [] }],
  },
  {
    id: 'sorter',
    nodes: [identity('given', 'label'), { op: 'Softmax', inputs: ['x'], outputs: ['probabilities'] }],
    inputs: [{ name: 'x', type: 'float32', shape: ['N', 2] }, list('given', 'string')],
    outputs: [list('label', 'string'), { name: 'probabilities', type: 'float32', shape: ['N', 2] }],
  },
];

function writePacks(): string {
  const folder = newFolder('tfs');
  for (const { id, ...graph } of packs) writeTensorPack(folder, id, graph, { version: '1.2.3' });
  makeVersion(path.join(folder, 'tensor-demo-2'), { version: '2.1.0' });
  return folder;
}
