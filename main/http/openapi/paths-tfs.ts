import { answer, json, jsonAs, model, pathParameter, ref, responses } from './parts.ts';
import type { Json, Operation, Paths } from './parts.ts';

const tags: Json = ['tensorflow serving'];
const version: Json = {
  ...pathParameter('version', '^[0-9]{1,15}$', 'Number of a version.'),
  example: '1000000',
};
const label: Json = {
  ...pathParameter('label', '^(stable|canary|previous)$', 'Label of a version.'),
  example: 'stable',
};
const instances: Json = { instances: [{ a: [1, 2, 3], b: [10, 20, 30], count: 7 }] };

const verbs = [
  ['predict', 'PredictRequest', 'PredictResponse'],
  ['classify', 'ExamplesRequest', 'ResultsResponse'],
  ['regress', 'ExamplesRequest', 'ResultsResponse'],
] as const;
const choices = [
  ['', '', [model]],
  ['/versions/{version}', 'OfVersion', [model, version]],
  ['/labels/{label}', 'OfLabel', [model, label]],
] as const;

function post(operationId: string, request: string, response: string): Operation {
  return {
    tags,
    operationId,
    requestBody: {
      required: true,
      content: request === 'PredictRequest' ? jsonAs(ref(request), instances) : json(ref(request)),
    },
    responses: responses({ 200: answer('The answer.', json(ref(response))) }),
  };
}
function get(operationId: string, schema: string): Operation {
  return { tags, operationId, responses: responses({ 200: answer('As it stands.', json(ref(schema))) }) };
}

/** TensorFlow Serving's REST API, with and without a version or label. */
export const tfsPaths: Paths = {
  '/v1/models': {
    get: {
      tags,
      operationId: 'tfsModels',
      responses: responses({ 200: answer('Names of the models.', json({ type: 'object' })) }),
    },
  },
  ...Object.fromEntries(
    choices.flatMap(([part, suffix, parameters]) => {
      const base = `/v1/models/{model}${part}`;
      const shared = { parameters: parameters as unknown as Operation };
      return [
        [base, { ...shared, get: get(`tfsStatus${suffix}`, 'VersionStatuses') }],
        [`${base}/metadata`, { ...shared, get: get(`tfsMetadata${suffix}`, 'SignatureMetadata') }],
        ...verbs.map(([verb, request, response]) => [
          `${base}:${verb}`,
          { ...shared, post: post(`tfs_${verb}${suffix}`, request, response) },
        ]),
      ] as [string, Paths[string]][];
    }),
  ),
};
