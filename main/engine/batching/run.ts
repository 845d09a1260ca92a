import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import type { Blob } from '../../lib/frames.ts';
import type { TensorResult, TensorRequest } from '../types.ts';
import type { Priority, Pools } from '../pool/index.ts';
import type { Answered } from '../workers/index.ts';
import type { Plan } from '../plan.ts';
import { tensorsFor } from '../too-long.ts';

export type Run = {
  readonly tensors: readonly Omit<TensorBytes, 'data'>[];
  readonly blobs: readonly Blob[];
  readonly priority: Priority;
  readonly isBounded: boolean;
  readonly isJoined?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number | undefined;
};
/** A result computed by a worker, not read from the cache. */
export type TensorRan = Omit<TensorResult, 'cached'>;
export type Ran = {
  readonly tensors: readonly TensorBytes[];
  readonly runMs: number;
  readonly inputMs: number;
  readonly outputMs: number;
  readonly queueMs: number;
};

/** Runs one request unmerged; its bytes are passed on without a copy. */
export async function runOne(
  pools: Pools,
  plan: Plan,
  {
    request,
    signal,
    isBounded,
  }: { request: TensorRequest; signal?: AbortSignal | undefined; isBounded?: boolean },
): Promise<Outcome<TensorRan>> {
  const { tensors, priority, deadlineMs } = request;
  const ran = await runTensors(pools, plan, {
    tensors,
    blobs: tensors.map(({ data }) => data),
    priority: priority ?? 'interactive',
    isBounded: isBounded ?? true,
    signal,
    deadlineMs,
  });
  return ran.ok ? ok({ ...ran.value, batchRows: tensors[0]?.dims[0] ?? 1 }) : ran;
}

export async function runTensors(pools: Pools, plan: Plan, run: Run): Promise<Outcome<Ran>> {
  const { outcome } = pools.ask(plan, {
    question: {
      kind: 'run',
      tensors: run.tensors.map(({ name, type, dims }, blob) => ({ name, type, dims, blob })),
    },
    blobs: run.blobs,
    file: tensorsFor(plan.pack.ref),
    priority: run.priority,
    isBounded: run.isBounded,
    ...(run.isJoined && { isJoined: true }),
    ...(run.signal && { signal: run.signal }),
    ...(run.deadlineMs !== undefined && { deadlineMs: run.deadlineMs }),
  });
  const answered = await outcome;
  return answered.ok ? ranOf(answered.value) : answered;
}

export function ranOf({ reply, blobs, queueMs }: Answered): Outcome<Ran> {
  if (reply.kind !== 'ran')
    return failed('internal', { reason: reason('odd-reply-to-tensors', { kind: reply.kind }) });
  const tensors = reply.tensors.map(({ name, type, dims, blob }) => ({
    name,
    type,
    dims,
    data: blobs[blob] ?? new Uint8Array(),
  }));
  const { runMs, inputMs, outputMs } = reply;
  return ok({ tensors, runMs, inputMs, outputMs, queueMs });
}
