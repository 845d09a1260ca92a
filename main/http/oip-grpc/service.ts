import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { ServedVersion } from '../../../contract/serving/serving.ts';
import type { Caller } from '../server/index.ts';
import { infer } from './infer.ts';
import type { HealthCheckRequest, ModelInferRequest, RepositoryIndexRequest } from './messages.ts';
import {
  allowedVersions,
  configOf,
  control,
  extensions,
  findAllowed,
  indexOf,
  isReady,
  metadataOf,
  readinessOf,
} from '../oip/index.ts';
import type { NamedModel, RepositoryModel } from '../oip/index.ts';
import type { ServiceParts } from './parts.ts';
import { streamInfer } from './stream.ts';
import { unary } from './unary.ts';

/** GRPCInferenceService. What is not here answers UNIMPLEMENTED: shared memory, trace and log settings. */
export function inferenceService(parts: ServiceParts): UntypedServiceImplementation {
  const { context } = parts;
  const { serving } = context;
  const about = (answer: (served: ServedVersion) => object) =>
    unary(parts, (model: NamedModel, { caller }) => {
      const found = findAllowed(context, caller, model);
      return found.ok ? ok(answer(found.value)) : found;
    });
  return {
    ServerLive: unary(parts, () => ok({ live: true })),
    ServerReady: unary(parts, () => ok({ ready: serving.isReady() })),
    ServerMetadata: unary(parts, () => ok({ name: 'outpost', version: context.appVersion, extensions })),
    ModelReady: unary(parts, (model: NamedModel, { caller }) => readinessOf(context, caller, model)),
    ModelMetadata: about((served) => metadataOf(serving, served)),
    ModelConfig: about((served) => ({ config: configOf(serving, served) })),
    ModelStatistics: unary(parts, (model: NamedModel, { caller }) => statisticsOf(parts, caller, model)),
    ModelInfer: unary(parts, (message: ModelInferRequest, asker) => infer(context, message, asker)),
    ModelStreamInfer: streamInfer(parts),
    RepositoryIndex: unary(parts, ({ ready }: RepositoryIndexRequest, { caller }) =>
      ok({ models: indexOf(context, caller, ready) }),
    ),
    RepositoryModelLoad: unary(parts, (model: RepositoryModel, { caller }) =>
      control(context, caller, { ...model, verb: 'load' }),
    ),
    RepositoryModelUnload: unary(parts, (model: RepositoryModel, { caller }) =>
      control(context, caller, { ...model, verb: 'unload' }),
    ),
  };
}

/** grpc.health.v1: the server for an empty name, else a model. */
export function healthService(parts: ServiceParts): UntypedServiceImplementation {
  const { serving } = parts.context;
  const known = new Set(['', 'inference.GRPCInferenceService']);
  return {
    Check: unary(parts, ({ service }: HealthCheckRequest, { caller }) => {
      if (known.has(service)) return ok({ status: serving.isReady() ? 'SERVING' : 'NOT_SERVING' });
      const found = findAllowed(parts.context, caller, { name: service, version: '' });
      return found.ok ? ok({ status: isReady(found.value.state) ? 'SERVING' : 'NOT_SERVING' }) : found;
    }),
  };
}

async function statisticsOf(
  { context, statistics }: ServiceParts,
  caller: Caller,
  model: NamedModel,
): Promise<Outcome<object>> {
  await statistics.refresh?.();
  if (model.name !== '') {
    const found = findAllowed(context, caller, model);
    return found.ok ? ok({ model_stats: [statistics.of(found.value)] }) : found;
  }
  return ok({ model_stats: allowedVersions(context, caller).map(statistics.of) });
}
