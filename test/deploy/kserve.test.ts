import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { AnySchemaObject, ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { serveKeys } from '../../main/cli/serve/config.ts';

type Doc = Readonly<Record<string, unknown>> & { readonly spec: Readonly<Record<string, unknown>> };
const folder = join(import.meta.dirname, '../../deploy/kserve');
const read = (name: string) => parse(readFileSync(join(folder, name), 'utf8')) as Doc;
const runtime = read('serving-runtime.yaml');
const services = ['inference-service.yaml', 'inference-service-keda.yaml'];

/** As `kubectl apply --validate=strict`: what the schema does not name is an error, unless it says that anything goes. */
function strict(schema: AnySchemaObject): AnySchemaObject {
  const { properties, items, additionalProperties, ...rest } = schema as Record<string, AnySchemaObject>;
  const keepsUnknown = rest['x-kubernetes-preserve-unknown-fields'] === (true as unknown);
  return {
    ...rest,
    ...(items && { items: strict(items) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, strict(each)])),
      ...(!keepsUnknown && { additionalProperties: false }),
    }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: strict(additionalProperties) }),
  };
}

function validator(name: string): ValidateFunction {
  const schema = JSON.parse(
    readFileSync(join(import.meta.dirname, 'kserve', name), 'utf8'),
  ) as AnySchemaObject;
  return new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(strict(schema));
}
const validateRuntime = validator('serving-runtime.schema.json');
const validateService = validator('inference-service.schema.json');
const problems = (validate: ValidateFunction, document: unknown): readonly string[] =>
  validate(document)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

/** A copy in which one thing is another; the last step of the path may be new. */
function withValue(document: Doc, path: readonly (string | number)[], value: unknown): Doc {
  const copy = structuredClone(document);
  let place = copy as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) place = place[step] as Record<string | number, unknown>;
  place[path.at(-1)!] = value;
  return copy;
}

describe("against KServe's published schemas", () => {
  it('the runtime is valid', () => expect(problems(validateRuntime, runtime)).toEqual([]));
  it.each(services)('%s is valid', (name) => expect(problems(validateService, read(name))).toEqual([]));

  const container = ['spec', 'containers', 0] as const;
  it.each([
    ['a misspelt field', ['spec', 'protocolVersion'], ['v2']],
    ['a port in words', [...container, 'ports', 0, 'containerPort'], 'http'],
    ['a probe without a port', [...container, 'readinessProbe'], { httpGet: { path: '/' } }],
    ['an amount that is none', [...container, 'resources', 'limits', 'memory'], '1 GB'],
    ['priority 0', ['spec', 'supportedModelFormats', 0, 'priority'], 0],
    ['arguments as one text', [...container, 'args'], 'serve'],
    ['no container', ['spec', 'containers'], undefined],
  ])('a runtime with %s is not', (_what, path, value) => {
    expect(problems(validateRuntime, withValue(runtime, path, value))).not.toEqual([]);
  });

  it.each([
    ['a metric that nobody knows', ['spec', 'predictor', 'scaleMetric'], 'queue'],
    ['replicas in words', ['spec', 'predictor', 'minReplicas'], 'two'],
    ['a misspelt field', ['spec', 'predictor', 'maxReplica'], 8],
    ['a format without a name', ['spec', 'predictor', 'model', 'modelFormat'], { version: '1' }],
  ])('a service with %s is not', (_what, path, value) => {
    expect(problems(validateService, withValue(read(services[0]!), path, value))).not.toEqual([]);
  });
});

describe("what KServe's admission asks besides", () => {
  type Predictor = { scaleMetric?: string; scaleTarget?: number; minReplicas: number; maxReplicas: number };
  const predictor = (name: string) => read(name).spec['predictor'] as Predictor;

  it('HPA: a share of the CPU; KEDA: no scaleMetric, and a query with a value', () => {
    const hpa = predictor('inference-service.yaml');
    expect(hpa).toMatchObject({ scaleMetric: 'cpu' });
    expect(hpa.scaleTarget).toBeGreaterThan(0);
    expect(hpa.scaleTarget).toBeLessThanOrEqual(100);
    const keda = predictor('inference-service-keda.yaml');
    expect(keda.scaleMetric).toBeUndefined();
    expect(keda).toMatchObject({
      autoScaling: {
        metrics: [
          {
            type: 'External',
            external: {
              metric: { backend: 'prometheus', query: expect.stringContaining('outpost_') },
              target: { type: 'Value', value: expect.any(String) },
            },
          },
        ],
      },
    });
    for (const { minReplicas, maxReplicas } of [hpa, keda]) expect(minReplicas).toBeLessThan(maxReplicas);
  });

  it('the runtime that the services name is the one, and takes their format', () => {
    const { metadata, spec } = runtime as unknown as {
      metadata: { name: string };
      spec: {
        supportedModelFormats: { name: string; version: string; autoSelect: boolean }[];
        multiModel: boolean;
      };
    };
    expect(spec.multiModel).toBe(false);
    for (const name of services)
      expect(predictor(name)).toMatchObject({
        model: {
          runtime: metadata.name,
          modelFormat: {
            name: spec.supportedModelFormats[0]?.name,
            version: spec.supportedModelFormats[0]?.version,
          },
        },
      });
  });
});

it('every argument of the container is one that outpost serve knows', () => {
  const [container] = runtime.spec['containers'] as { args: string[] }[];
  const [command, ...args] = container?.args ?? [];
  expect(command).toBe('serve');
  const names = args.map((arg) => /^--([a-z-]+)=/u.exec(arg)?.[1]);
  const known: readonly string[] = [...serveKeys, 'models'];
  expect(names.filter((name) => name === undefined || !known.includes(name))).toEqual([]);
});
