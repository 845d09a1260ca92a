import { setMaxListeners } from 'node:events';
import type { handleUnaryCall, ServerUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import { faultTable, fault, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import type { Caller } from '../context.ts';
import { findAllowed, infer } from './infer.ts';
import type { Asker } from './infer.ts';
import type {
  HealthCheckRequest,
  ModelInferRequest,
  NamedModel,
  NamedRepositoryModel,
  RepositoryIndexRequest,
} from './messages.ts';
import { configOf, control, indexOf, isReady, metadataOf, readinessOf } from './model.ts';
import type { ServiceParts } from './parts.ts';
import { endOf, spanOf } from './span.ts';
import { statusOf } from './status.ts';
import { streamInfer } from './stream.ts';

/** GRPCInferenceService. What is not here answers UNIMPLEMENTED: shared memory, trace and log settings. */
export function inferenceService(parts: ServiceParts): UntypedServiceImplementation {
  const { context } = parts;
  const { serving } = context;
  return {
    ServerLive: unary(parts, () => ok({ live: true })),
    ServerReady: unary(parts, () => ok({ ready: serving.isReady() })),
    ServerMetadata: unary(parts, () => ok({ name: 'outpost', version: context.appVersion, extensions })),
    ModelReady: unary(parts, (model: NamedModel, { caller }) => readinessOf(context, caller, model)),
    ModelMetadata: unary(parts, (model: NamedModel, { caller }) => metadataOf(context, caller, model)),
    ModelConfig: unary(parts, (model: NamedModel, { caller }) => configOf(context, caller, model)),
    ModelStatistics: unary(parts, (model: NamedModel, { caller }) => statisticsOf(parts, caller, model)),
    ModelInfer: unary(parts, (message: ModelInferRequest, asker) => infer(context, message, asker)),
    ModelStreamInfer: streamInfer(parts),
    RepositoryIndex: unary(parts, ({ ready }: RepositoryIndexRequest, { caller }) =>
      ok({ models: indexOf(context, caller, ready) }),
    ),
    RepositoryModelLoad: unary(parts, ({ model_name: id }: NamedRepositoryModel, { caller }) =>
      control(context, caller, { id, verb: 'load' }),
    ),
    RepositoryModelUnload: unary(parts, ({ model_name: id }: NamedRepositoryModel, { caller }) =>
      control(context, caller, { id, verb: 'unload' }),
    ),
  };
}

/** grpc.health.v1: the server for an empty name, else a model. */
export function healthService(parts: ServiceParts): UntypedServiceImplementation {
  const { serving } = parts.context;
  const known = new Set(['', 'inference.GRPCInferenceService']);
  return {
    Check: unary(parts, ({ service }: HealthCheckRequest) => {
      if (known.has(service)) return ok({ status: serving.isReady() ? 'SERVING' : 'NOT_SERVING' });
      const found = serving.find({ id: service });
      return found.ok ? ok({ status: isReady(found.value.state) ? 'SERVING' : 'NOT_SERVING' }) : found;
    }),
  };
}

function statisticsOf(
  { context, statistics }: ServiceParts,
  caller: Caller,
  model: NamedModel,
): Outcome<object> {
  if (model.name !== '') {
    const found = findAllowed(context, caller, named(model));
    return found.ok ? ok({ model_stats: [statistics.of(found.value)] }) : found;
  }
  const allowed = context.serving.catalogue().filter(({ id }) => context.mayAsk(caller, id) === null);
  return ok({ model_stats: allowed.map(statistics.of) });
}

const extensions = [
  'classification',
  'model_configuration',
  'model_repository',
  'model_repository(unload_dependents)',
  'schedule_policy',
  'statistics',
];

const named = ({ name, version }: NamedModel) => ({ model_name: name, model_version: version });

/** One request, one answer; the asker's deadline and going away come as they are. */
function unary<Request>(
  { gate, tracing, onAccess, log }: ServiceParts,
  answer: (request: Request, asker: Asker) => Outcome<object> | Promise<Outcome<object>>,
): handleUnaryCall<Request, object> {
  return (call, respond) => {
    const begun = performance.now();
    const asker = { ...askerOf(call), caller: gate.callerOf(call.metadata) };
    const span = tracing && spanOf(tracing, call);
    const settle = (outcome: Outcome<object>): void => {
      if (outcome.ok) respond(null, outcome.value);
      else respond(statusOf(outcome.fault));
      span?.end(...endOf(outcome.ok ? null : outcome.fault));
      onAccess({
        at: Date.now(),
        method: 'gRPC',
        path: call.getPath(),
        status: outcome.ok ? 200 : faultTable[outcome.fault.code].http,
        ms: performance.now() - begun,
        program: asker.caller.program,
        model: modelOf(call.request),
      });
    };
    Promise.resolve()
      .then(() => (span ? span.within(() => answer(call.request, asker)) : answer(call.request, asker)))
      .then(settle, (error: unknown) => {
        log(
          'error',
          `${call.getPath()}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
        settle({ ok: false, fault: fault('internal', { reason: 'the request could not be answered' }) });
      });
  };
}

function askerOf(call: ServerUnaryCall<unknown, object>): Omit<Asker, 'caller'> {
  const gone = new AbortController();
  // Each picture of a request listens.
  setMaxListeners(0, gone.signal);
  call.on('cancelled', () => gone.abort());
  return { deadlineMs: Number(call.getDeadline()) - Date.now(), signal: gone.signal };
}

/** The model that a request names, whichever of the two ways. */
function modelOf(request: unknown): string | null {
  const { model_name: model, name } = request as { readonly model_name?: string; readonly name?: string };
  return model || name || null;
}
