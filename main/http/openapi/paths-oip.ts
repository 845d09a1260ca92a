import { answer, json, jsonAs, model, pathParameter, ref, responses } from './parts.ts';
import type { Json, Operation, Paths } from './parts.ts';

const tags: Json = ['open inference protocol v2'];
const version: Json = {
  ...pathParameter(
    'version',
    String.raw`^[0-9A-Za-z][0-9A-Za-z.+\-]*$`,
    'A semantic version, or a whole number.',
  ),
  example: '1.0.0',
};
const example: Json = {
  inputs: [
    { name: 'a', shape: [1, 3], datatype: 'FP32', data: [1, 2, 3] },
    { name: 'b', shape: [1, 3], datatype: 'FP32', data: [10, 20, 30] },
    { name: 'count', shape: [1], datatype: 'INT64', data: [7] },
  ],
};
const empty: Json = { description: 'Yes.' };
const bytes: Json = { type: 'string', format: 'binary' };

const metadata: Operation = {
  tags,
  responses: responses({ 200: answer('What goes in and out.', json(ref('ModelMetadata'))) }),
};
const ready: Operation = {
  tags,
  responses: responses({
    200: answer('Whether it answers.', json(ref('ModelReady'))),
    503: answer('Not now.', json({ anyOf: [ref('ModelReady'), ref('Error')] })),
  }),
};
const infer: Operation = {
  tags,
  summary: 'Tensors in, tensors out; as JSON, or with binary tensors behind the JSON',
  parameters: [
    {
      name: 'Inference-Header-Content-Length',
      in: 'header',
      description: 'Bytes of the JSON where binary tensors follow it; 0 where the body is one raw tensor.',
      schema: { type: 'string', pattern: String.raw`^\d{1,10}$` },
    },
  ],
  requestBody: { required: true, content: jsonAs(ref('InferRequest'), example) },
  responses: responses({
    200: {
      description: 'The outputs that were asked for.',
      headers: {
        'Inference-Header-Content-Length': { schema: { type: 'string', pattern: String.raw`^\d+$` } },
      },
      content: {
        'application/json': { schema: ref('InferResponse') },
        'application/octet-stream': { schema: bytes },
      },
    },
  }),
};
const statistics: Operation = {
  tags,
  responses: responses({ 200: answer('Counts and times.', json(ref('ModelStatistics'))) }),
};
const config: Operation = {
  tags,
  responses: responses({ 200: answer('As Triton writes it.', json({ type: 'object' })) }),
};

/** The same operation with and without a version. */
function both(
  part: string,
  method: string,
  one: { readonly id: string; readonly operation: Operation },
): Paths {
  const { id, operation } = one;
  return {
    [`/v2/models/{model}${part}`]: {
      parameters: [model] as unknown as Operation,
      [method]: { ...operation, operationId: id },
    },
    [`/v2/models/{model}/versions/{version}${part}`]: {
      parameters: [model, version] as unknown as Operation,
      [method]: { ...operation, operationId: `${id}OfVersion` },
    },
  };
}

function health(id: string): Operation {
  const good = { 200: empty, 503: { description: 'No.' } };
  return { tags: ['health'], security: [], operationId: id, responses: responses(good) };
}

/** Open Inference Protocol v2, corrected, with Triton's repository, statistics and configuration. */
export const oipPaths: Paths = {
  '/v2/health/live': { get: health('oipLive') },
  '/v2/health/ready': { get: health('oipReady') },
  '/v2': {
    get: {
      tags,
      operationId: 'oipServer',
      responses: responses({ 200: answer('Its name and extensions.', json(ref('ServerMetadata'))) }),
    },
  },
  '/v2/models': {
    get: {
      tags,
      operationId: 'oipModels',
      responses: responses({ 200: answer('Names of the models.', json({ type: 'object' })) }),
    },
  },
  '/v2/models/stats': { get: { ...statistics, operationId: 'oipStatistics' } },
  ...both('', 'get', { id: 'oipModel', operation: metadata }),
  ...both('/ready', 'get', { id: 'oipModelReady', operation: ready }),
  ...both('/infer', 'post', { id: 'oipInfer', operation: infer }),
  ...both('/stats', 'get', { id: 'oipModelStatistics', operation: statistics }),
  ...both('/config', 'get', { id: 'oipModelConfig', operation: config }),
  '/v2/repository/index': {
    post: {
      tags,
      operationId: 'oipIndex',
      requestBody: {
        required: false,
        content: json({ type: 'object', properties: { ready: { type: 'boolean' } } }),
      },
      responses: responses({ 200: answer('Every model and its state.', json(ref('RepositoryIndex'))) }),
    },
  },
  '/v2/repository/models/{model}/load': change('oipLoad', 'Load it'),
  '/v2/repository/models/{model}/unload': change('oipUnload', 'Unload it'),
};

function change(operationId: string, summary: string): Paths[string] {
  return {
    parameters: [model] as unknown as Operation,
    post: {
      tags,
      operationId,
      summary,
      requestBody: {
        required: false,
        content: json({ type: 'object', properties: { parameters: { type: 'object' } } }),
      },
      responses: responses({ 200: { description: 'Done.' } }),
    },
  };
}
