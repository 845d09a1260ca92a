import { datatypes } from '../../../contract/tensors/datatypes.ts';
import { ref, text } from './parts.ts';
import type { Json } from './parts.ts';
import { resultSchema } from './results.ts';

const whole: Json = { type: 'integer' };
const number: Json = { type: 'number' };
const list = (items: Json): Json => ({ type: 'array', items });
const texts = list(text);
const object = (properties: Readonly<Record<string, Json>>, required: readonly string[]): Json => ({
  type: 'object',
  properties,
  required,
});

const parameters: Json = {
  type: 'object',
  additionalProperties: { type: ['string', 'number', 'boolean'] },
};
const shape: Json = { type: 'array', items: { type: 'integer', minimum: 0 } };
/** Flat or nested, row-major. */
const data: Json = { type: 'array' };
const datatype: Json = { type: 'string', enum: [...datatypes] };
const name: Json = { type: 'string', minLength: 1 };

/** What the routes speak of, by name. */
export const schemas: Readonly<Record<string, Json>> = {
  Error: object({ error: text, code: text, hint: text }, ['error']),
  Live: object({ live: { type: 'boolean' } }, ['live']),
  Ready: object(
    {
      ready: { type: 'boolean' },
      models: { type: 'array', items: object({ model: text, state: text }, ['model', 'state']) },
    },
    ['ready'],
  ),

  LabelScore: object({ index: whole, id: text, label: text, score: number }, [
    'index',
    'id',
    'label',
    'score',
  ]),
  PhotoRecord: object(
    {
      input: text,
      digest: { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' },
      model: text,
      version: text,
      packDigest: text,
      variant: text,
      provider: text,
      cached: { type: 'boolean' },
      durationMs: number,
      at: { type: 'string', format: 'date-time' },
      appVersion: text,
      camera: { type: 'object' },
      result: resultSchema('picture'),
    },
    ['input', 'digest', 'model', 'version', 'result'],
  ),
  FaultRecord: object(
    { input: text, fault: object({ code: text, message: text, hint: text }, ['code', 'message', 'hint']) },
    ['input', 'fault'],
  ),
  TableRecord: object(
    {
      input: text,
      model: text,
      version: text,
      packDigest: text,
      durationMs: number,
      at: text,
      appVersion: text,
      result: resultSchema('tensors'),
    },
    ['input', 'model', 'version', 'result'],
  ),

  ServerMetadata: object({ name: text, version: text, extensions: texts }, ['name', 'version', 'extensions']),
  TensorMetadata: object(
    { name: text, datatype, shape: { type: 'array', items: { type: 'integer', minimum: -1 } } },
    ['name', 'datatype', 'shape'],
  ),
  ModelMetadata: object(
    {
      name: text,
      versions: texts,
      platform: text,
      inputs: list(ref('TensorMetadata')),
      outputs: list(ref('TensorMetadata')),
    },
    ['name', 'platform', 'inputs', 'outputs'],
  ),
  ModelReady: object({ name: text, ready: { type: 'boolean' } }, ['name', 'ready']),
  RequestInput: object({ name, shape, datatype, parameters, data }, ['name', 'shape', 'datatype', 'data']),
  RequestOutput: object({ name, parameters }, ['name']),
  InferRequest: object(
    {
      id: text,
      parameters,
      inputs: { type: 'array', items: ref('RequestInput'), minItems: 1 },
      outputs: list(ref('RequestOutput')),
    },
    ['inputs'],
  ),
  ResponseOutput: object({ name: text, shape, datatype, parameters, data }, ['name', 'shape', 'datatype']),
  InferResponse: object(
    { model_name: text, model_version: text, id: text, parameters, outputs: list(ref('ResponseOutput')) },
    ['model_name', 'outputs'],
  ),
  RepositoryIndex: list(object({ name: text, version: text, state: text, reason: text }, ['name'])),
  ModelStatistics: object({ model_stats: list({ type: 'object' }) }, ['model_stats']),

  PredictRequest: {
    type: 'object',
    properties: { signature_name: text, instances: { type: 'array', minItems: 1 }, inputs: {} },
    oneOf: [{ required: ['instances'] }, { required: ['inputs'] }],
  },
  PredictResponse: {
    type: 'object',
    properties: { predictions: { type: 'array' }, outputs: {} },
    oneOf: [{ required: ['predictions'] }, { required: ['outputs'] }],
  },
  ExamplesRequest: object(
    {
      signature_name: text,
      context: { type: 'object' },
      examples: { type: 'array', items: { type: 'object' }, minItems: 1 },
    },
    ['examples'],
  ),
  ResultsResponse: object({ results: { type: 'array' } }, ['results']),
  VersionStatuses: object(
    {
      model_version_status: list(
        object(
          {
            version: { type: 'string', pattern: String.raw`^\d+$` },
            state: { type: 'string', enum: ['UNKNOWN', 'START', 'LOADING', 'AVAILABLE', 'UNLOADING', 'END'] },
            status: object({ error_code: text, error_message: text }, ['error_code', 'error_message']),
          },
          ['version', 'state', 'status'],
        ),
      ),
    },
    ['model_version_status'],
  ),
  SignatureMetadata: object({ model_spec: { type: 'object' }, metadata: { type: 'object' } }, [
    'model_spec',
    'metadata',
  ]),
  Consent: object(
    {
      program: { type: 'string', minLength: 1, maxLength: 60 },
      models: { anyOf: [{ type: 'array', items: text, minItems: 1, maxItems: 100 }, { type: 'null' }] },
    },
    ['program'],
  ),
};
