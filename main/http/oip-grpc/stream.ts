import { setMaxListeners } from 'node:events';
import type { handleBidiStreamingCall, ServerDuplexStream } from '@grpc/grpc-js';
import { fault } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { clientReason } from '../../../contract/faults/reasons.ts';
import { stackOf } from '../../lib/error-text.ts';
import { entryOf } from './entry.ts';
import { answerLeft, holdMessage } from './held-calls.ts';
import { infer } from './infer.ts';
import type { ModelInferRequest, ModelInferResponse } from './messages.ts';
import type { ServiceParts } from './parts.ts';
import { endOf, spanOf } from './span.ts';

type StreamResponse = {
  readonly error_message: string;
  readonly infer_response: Partial<ModelInferResponse>;
};
type Call = ServerDuplexStream<ModelInferRequest, StreamResponse>;

/** Requests of one stream that are under way at once; the next ones are not read before. */
const mostAtOnce = 64;

/** ModelStreamInfer: one response for each request, in the order of the requests. A fault is its text, and ends nothing. */
export function streamInfer({
  context,
  gate,
  tracing,
  onAccess,
  log,
}: ServiceParts): handleBidiStreamingCall<ModelInferRequest, StreamResponse> {
  return (call) => {
    const disconnect = new AbortController();
    setMaxListeners(0, disconnect.signal);
    const caller = gate.callerOf(call.metadata);
    const span = tracing && spanOf(tracing, call);
    call.once('close', () => span?.end(...endOf(null)));
    let underWay = 0;
    let last: Promise<void> = Promise.resolve();
    const answer = async (message: ModelInferRequest, before: Promise<void>): Promise<void> => {
      const begun = performance.now();
      const done = holdMessage(message);
      const deadlineMs = Number(call.getDeadline()) - Date.now();
      const ask = () => infer(context, message, { caller, deadlineMs, signal: disconnect.signal });
      const outcome = await settled(span ? span.within(ask) : ask(), log);
      await before;
      const why = outcome.ok ? null : outcome.fault;
      onAccess(entryOf({ path: call.getPath(), request: message, begun, program: caller.program, why }));
      done();
      await written(call, responseOf(message, outcome));
      underWay -= 1;
      if (call.isPaused()) call.resume();
    };
    call.on('cancelled', () => disconnect.abort());
    call.on('data', (message: ModelInferRequest) => {
      underWay += 1;
      if (underWay >= mostAtOnce) call.pause();
      last = answer(message, last);
    });
    call.on('end', () => void last.then(() => call.end()));
  };
}

function responseOf(message: ModelInferRequest, outcome: Outcome<ModelInferResponse>): StreamResponse {
  // Clients of streams find the request that failed by its id.
  if (!outcome.ok) return { error_message: outcome.fault.message, infer_response: { id: message.id } };
  const wantsLast = message.parameters.triton_enable_empty_final_response?.bool_param === true;
  const last = wantsLast && { parameters: { triton_final_response: { bool_param: true } } };
  return { error_message: '', infer_response: { ...outcome.value, ...last } };
}

/** Resolves when the response is on its way, or the client has disconnected. */
async function written(call: Call, response: StreamResponse): Promise<void> {
  if (call.cancelled || call.destroyed) return;
  await new Promise<void>((resolve) => {
    call.once('close', resolve);
    call.write(response, () => {
      call.off('close', resolve);
      resolve();
    });
  });
  answerLeft(response);
}

async function settled(
  answer: Promise<Outcome<ModelInferResponse>>,
  log: ServiceParts['log'],
): Promise<Outcome<ModelInferResponse>> {
  try {
    return await answer;
  } catch (error) {
    log('error', `ModelStreamInfer: ${stackOf(error)}`);
    return { ok: false, fault: fault('internal', { reason: clientReason('the request met a bug') }) };
  }
}
