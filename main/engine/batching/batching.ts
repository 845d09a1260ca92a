import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';
import type { BatchingParameters } from '../../../contract/serving/serving.ts';
import type { QuickRequest, TensorRequest } from '../types.ts';
import type { Plan } from '../plan.ts';
import type { Pools } from '../pool/index.ts';
import type { Joining } from './joining.ts';
import { BatchQueue } from './batch-queue.ts';
import { isBatchable, rowsOf, rowLayoutOf } from './rows.ts';
import { runOne } from './run.ts';
import type { TensorRan } from './run.ts';

export type Batching = {
  run(
    plan: Plan,
    request: TensorRequest,
    options: { readonly signal?: AbortSignal },
  ): Promise<Outcome<TensorRan>>;
  /** Runs a quick model of this process within this call, ahead of requests that wait to be joined; null where `run` has to be asked. */
  runNow(plan: Plan, request: QuickRequest): Outcome<TensorRan> | null;
  /** Whether it would, as far as can be known before the tensors are read. */
  isQuick(plan: Plan): boolean;
  /** Sets the batching parameters of these models, in TensorFlow Serving's names, for all later requests; the others go by their manifest. */
  set(parameters: Readonly<Record<string, BatchingParameters>>): void;
  parametersOf(id: string): BatchingParameters;
  readonly waiting: number;
};

const idleMs = 60_000;
const none: Readonly<BatchingParameters> = {};
/** A greater `max_batch_size` limits single requests only; merged batches never exceed this. */
const largestBatch = 4_096;

/**
 * Requests with tensors of the same shape wait together while the workers are busy, and run as one, where their rows are
 * independent of each other: the manifest says so, the batching parameters do, or it was proved on this machine. A model
 * whose inputs and outputs do not all leave their first dimension free is never batched.
 */
export function createBatching(pools: Pools, joining: Joining): Batching {
  const queues = new Map<string, BatchQueue>();
  let overrides = new Map<string, BatchingParameters>();
  const rowsByManifest = new WeakMap<Manifest, boolean>();
  const canBatch = ({ pack: { manifest } }: Plan, { max_batch_size: most }: BatchingParameters): boolean => {
    if (manifest.batch === false || most === 1) return false;
    const known = rowsByManifest.get(manifest);
    if (known !== undefined) return known;
    const hasRows = isBatchable(manifest.inputs) && isBatchable(manifest.outputs);
    rowsByManifest.set(manifest, hasRows);
    return hasRows;
  };
  const parametersOf = ({ pack }: Plan): BatchingParameters =>
    overrides.get(pack.manifest.id) ?? fromManifest(pack.manifest);
  const mayJoin = (plan: Plan): boolean => joining.mayJoin(plan, isDeclared(plan, parametersOf(plan)));

  const queueFor = (plan: Plan, layout: string): BatchQueue => {
    const key = `${plan.pack.digest}|${plan.variant.name}|${plan.provider}|${layout}`;
    const known = queues.get(key);
    if (known) return known;
    for (const [other, queue] of queues) if (queue.idleMs > idleMs) queues.delete(other);
    const queue = new BatchQueue({
      plan,
      pools,
      parameters: parametersOf(plan),
      mayJoin: () => mayJoin(plan),
      onOtherRows: (reason) => joining.refute(plan, reason),
    });
    queues.set(key, queue);
    return queue;
  };

  const runNow: Batching['runNow'] = (plan, request) => {
    const { tensors } = request;
    const ran = mayRunNow(request, parametersOf(plan)) ? pools.runNow(plan, tensors) : null;
    if (ran?.ok) {
      const { tensors: given, inputMs, runMs, outputMs } = ran.value;
      const batchRows = tensors[0]?.dims[0] ?? 1;
      return ok({ tensors: given, inputMs, runMs, outputMs, queueMs: 0, batchRows });
    }
    // Where the model itself failed, the way over the queue says why.
    return ran?.fault.code === 'input-invalid' ? ran : null;
  };

  return {
    isQuick: (plan) => mayRunNow({}, parametersOf(plan)) && pools.isQuick(plan),
    runNow,
    run: async (plan, request, { signal }) => {
      if (signal?.aborted) return failed('cancelled');
      const ran = runNow(plan, request);
      if (ran) return ran;
      const { tensors } = request;
      const parameters = parametersOf(plan);
      const rows = canBatch(plan, parameters) ? rowsOf(tensors) : null;
      if (rows === null || rows >= (parameters.max_batch_size ?? 32))
        return runOne(pools, plan, { request, signal });
      const reading = joining.read(plan);
      if (reading) await reading;
      if (mayJoin(plan)) return queueFor(plan, rowLayoutOf(tensors)).add({ request, rows, signal });
      const ended = joining.alone(plan, tensors);
      let isAnswered = false;
      try {
        const ran = await runOne(pools, plan, { request, signal });
        isAnswered = ran.ok;
        return ran;
      } finally {
        ended(isAnswered);
      }
    },
    set: (parameters) => {
      overrides = new Map(Object.entries(parameters));
      for (const [key, queue] of queues) if (!queue.adopt(parametersOf(queue.plan))) queues.delete(key);
    },
    parametersOf: (id) => overrides.get(id) ?? none,
    get waiting() {
      let sum = 0;
      for (const queue of queues.values()) sum += queue.waiting;
      return sum;
    },
  };
}

/** Whoever set sizes or a delay wants requests joined. */
function mayRunNow(
  { priority = 'interactive', deadlineMs }: Omit<QuickRequest, 'tensors'>,
  { allowed_batch_sizes: sizes, batch_timeout_micros: delay = 0 }: BatchingParameters,
): boolean {
  return priority === 'interactive' && delay === 0 && !sizes && (deadlineMs === undefined || deadlineMs > 0);
}

/** The manifest or the batching parameters of the server declare that rows are independent. */
function isDeclared(
  { pack }: Plan,
  { max_batch_size: most, allowed_batch_sizes: sizes }: BatchingParameters,
) {
  return pack.manifest.batch === true || (most ?? sizes?.at(-1) ?? 1) > 1;
}

/** Batching settings of a `config.pbtxt`, under TensorFlow Serving's names. */
function fromManifest({ serving }: Manifest): BatchingParameters {
  if (serving?.maxBatch === undefined && serving?.delayMicros === undefined) return none;
  return {
    ...(serving.maxBatch !== undefined && { max_batch_size: Math.min(serving.maxBatch, largestBatch) }),
    ...(serving.delayMicros !== undefined && { batch_timeout_micros: serving.delayMicros }),
  };
}
