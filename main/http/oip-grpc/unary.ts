import { setMaxListeners } from 'node:events';
import type { handleUnaryCall, ServerUnaryCall } from '@grpc/grpc-js';
import { fault } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import { clientReason } from '../../../contract/faults/reasons.ts';
import { stackOf } from '../../lib/error-text.ts';
import { entryOf } from './entry.ts';
import { holdMessage } from './held-calls.ts';
import type { Asker } from './infer.ts';
import type { ServiceParts } from './parts.ts';
import { endOf, spanOf } from './span.ts';
import { statusOf } from './status.ts';

type UnaryHandler<Request> = (request: Request, asker: Asker) => Outcome<object> | Promise<Outcome<object>>;

/** One request, one answer; the deadline and the cancellation of the client are passed on. A bug is logged, and answered as `internal`. */
export function unary<Request>(
  { gate, tracing, onAccess, log }: ServiceParts,
  answer: UnaryHandler<Request>,
): handleUnaryCall<Request, object> {
  return (call, respond) => {
    const begun = performance.now();
    const done = holdMessage(call.request as object);
    const asker = askerOf(call, gate.callerOf(call.metadata));
    const span = tracing && spanOf(tracing, call);
    const ask = async () => answer(call.request, asker);
    const report = (why: Fault | null): void => {
      span?.end(...endOf(why));
      const { program } = asker.caller;
      onAccess(entryOf({ path: call.getPath(), request: call.request, begun, program, why }));
    };
    void (span ? span.within(ask) : ask())
      .catch((error: unknown) => {
        log('error', `${call.getPath()}: ${stackOf(error)}`);
        return {
          ok: false,
          fault: fault('internal', { reason: clientReason('the request met a bug') }),
        } as const;
      })
      .then((outcome) => {
        if (outcome.ok) respond(null, outcome.value);
        else respond(statusOf(outcome.fault));
        done();
        report(outcome.ok ? null : outcome.fault);
      });
  };
}

function askerOf(call: ServerUnaryCall<unknown, object>, caller: Asker['caller']): Asker {
  const disconnect = new AbortController();
  // Each picture of a request listens.
  setMaxListeners(0, disconnect.signal);
  call.on('cancelled', () => disconnect.abort());
  return { caller, deadlineMs: Number(call.getDeadline()) - Date.now(), signal: disconnect.signal };
}
