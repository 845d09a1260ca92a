import { failed } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import { onAbort } from '../../lib/abort.ts';
import type { Library } from '../../packs/index.ts';
import type { EngineLimits, EnginePorts } from '../types.ts';
import { loadSpec } from '../plan.ts';
import type { Plan } from '../plan.ts';
import { startLink, workerEnd } from '../workers/index.ts';
import type { Answered, LinkOutcome, Question, WorkerLink } from '../workers/index.ts';

/** An isolated worker for a trial: it is discarded afterwards, whatever state it is in. */
export type Trial = {
  /** How loading ended. */
  readonly loaded: LinkOutcome;
  ask(question: Question, blobs: readonly Uint8Array[]): Promise<LinkOutcome>;
  end(): void;
};
export type TrialParts = {
  readonly ports: EnginePorts;
  readonly library: Library;
  readonly limits: EngineLimits;
};

export async function startTrial(
  { ports, library, limits }: TrialParts,
  plan: Plan,
  options: { threads: number; signal: AbortSignal },
): Promise<Trial> {
  const link: WorkerLink = startLink(ports);
  const end = (): void => link.kill('the trial is over');
  void link.ended.then(onAbort(options.signal, end));
  const timeoutMs = limits.probeTimeoutMs;
  const loaded = await link.ask(
    { kind: 'load', spec: loadSpec(library, plan, { threads: options.threads }) },
    { timeoutMs },
  );
  return { loaded, end, ask: (question, blobs) => link.ask(question, { blobs, timeoutMs }) };
}

/** A trial's answer as an outcome; every way in which the worker can end becomes a fault. */
export function asOutcome(answer: LinkOutcome): Outcome<Answered> {
  if (answer.kind === 'late') return failed('worker-timeout', { file: reason('golden-sample'), seconds: 0 });
  if (answer.kind === 'lost')
    return failed('worker-crashed', { file: reason('golden-sample'), reason: workerEnd(answer.reason) });
  const { reply, blobs } = answer;
  return reply.kind === 'failed'
    ? { ok: false, fault: reply.fault }
    : { ok: true, value: { reply, blobs, queueMs: 0 } };
}
