import { faultTable } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { AccessEntry } from '../server/index.ts';

/** A call as the access log has it; its status is the one that HTTP would have had. `begun` as of performance.now(). */
export function entryOf(call: {
  readonly path: string;
  readonly request: unknown;
  readonly begun: number;
  readonly program: string | null;
  readonly why: Fault | null;
}): AccessEntry {
  return {
    at: Date.now(),
    method: 'gRPC',
    path: call.path,
    status: call.why ? faultTable[call.why.code].http : 200,
    ms: performance.now() - call.begun,
    program: call.program,
    model: modelOf(call.request),
    why: call.why,
  };
}

/** The model that a request names, whichever of the two ways. */
function modelOf(request: unknown): string | null {
  const { model_name: model, name } = request as { readonly model_name?: string; readonly name?: string };
  return (model || name)?.slice(0, longestId) || null;
}

const longestId = 80;
