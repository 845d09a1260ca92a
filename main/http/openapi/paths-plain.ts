import { answer, json, ref, responses, text } from './parts.ts';
import type { Json, Operation, Paths } from './parts.ts';

const bytes: Json = { type: 'string', format: 'binary' };
const open: Operation = { tags: ['health'], security: [] };

const query = (name: string, schema: Json, description: string): Json => ({
  name,
  in: 'query',
  description,
  schema,
});
const readiness: Operation = {
  ...open,
  responses: responses({
    200: answer('Every model that is to be loaded is.', json(ref('Ready'))),
    503: answer('Not yet.', json({ anyOf: [ref('Ready'), ref('Error')] })),
  }),
};

/** The friendly routes, health and metrics. */
export const plainPaths: Paths = {
  '/predict': {
    post: {
      tags: ['plain'],
      operationId: 'predict',
      summary: 'Answer a photo, a form with photos, or a table',
      parameters: [
        query(
          'model',
          { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*(@[0-9A-Za-z.+-]+)?$', maxLength: 160 },
          '`id`, `id@version` or `id@label`; absent: the first that takes such input.',
        ),
        query(
          'top',
          { type: 'integer', minimum: 1, maximum: 1000 },
          'Most labels or boxes of each photo; absent: 5 labels, all boxes.',
        ),
        query(
          'threshold',
          { type: 'number', minimum: 0, maximum: 1 },
          'Leaves out what scores below this; absent: 0 for labels, for boxes what the pack says.',
        ),
        query(
          'decode',
          { type: 'string', enum: ['exact', 'fast'] },
          '`fast` opens large JPEGs at a part of their size.',
        ),
        query(
          'thorough',
          { type: 'boolean' },
          'Whether a detector looks at overlapping tiles of a large photo as well.',
        ),
        query('cache', { type: 'boolean' }, 'Whether a kept answer will do.'),
        query('name', { type: 'string', minLength: 1, maxLength: 255 }, 'What the answer calls the input.'),
      ],
      requestBody: {
        required: true,
        content: {
          'image/*': { schema: bytes },
          'application/octet-stream': { schema: bytes },
          'multipart/form-data': {
            schema: {
              type: 'object',
              properties: { file: { type: 'array', items: bytes, minItems: 1 } },
              required: ['file'],
            },
          },
          'text/csv': { schema: text },
        },
      },
      responses: responses({
        200: answer('A record for a photo or table, a list of records for several photos.', {
          'application/json': {
            schema: {
              anyOf: [
                ref('PhotoRecord'),
                ref('TableRecord'),
                { type: 'array', items: { anyOf: [ref('PhotoRecord'), ref('FaultRecord')] } },
              ],
            },
          },
          'application/x-ndjson': { schema: text },
          'application/jsonl': { schema: text },
          'text/csv': { schema: text },
        }),
      }),
    },
  },
  '/livez': {
    get: {
      ...open,
      operationId: 'live',
      responses: responses({ 200: answer('It lives.', json(ref('Live'))) }),
    },
  },
  '/readyz': { get: { ...readiness, operationId: 'ready' } },
  '/healthz': { get: { ...readiness, operationId: 'healthy' } },
  '/metrics': {
    get: {
      tags: ['metrics'],
      operationId: 'metrics',
      responses: responses({
        200: answer('In the text format of Prometheus.', { 'text/plain': { schema: text } }),
      }),
    },
  },
  '/monitoring/prometheus/metrics': {
    get: {
      tags: ['metrics'],
      operationId: 'metricsOfTensorflow',
      responses: responses({ 200: answer('The same.', { 'text/plain': { schema: text } }) }),
    },
  },
  '/access': {
    post: {
      tags: ['plain'],
      operationId: 'askForAccess',
      summary: 'Ask the person at the window for a token',
      security: [],
      requestBody: { required: true, content: json(ref('Consent')) },
      responses: responses({
        200: answer(
          'The person agreed.',
          json({ type: 'object', properties: { token: text }, required: ['token'] }),
        ),
      }),
    },
  },
};
