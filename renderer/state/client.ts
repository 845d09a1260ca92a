import { QueryClient } from '@tanstack/react-query';
import { ask } from '../bridge.ts';
import type { WindowCall } from '../bridge.ts';
import type { CallInput, CallOutput } from '../../contract/calls.ts';
import type { Fault } from '../../contract/faults.ts';

/** A fault on its way through a query; the view reads the fault, not the error. */
export class FaultError extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

export const client = new QueryClient({
  defaultOptions: {
    // Main says when something changed; asking by itself would only cost time.
    queries: { staleTime: Infinity, retry: false, refetchOnWindowFocus: false, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});

/** The value of a call, or a thrown FaultError, as queries want it. */
export async function valueOf<N extends WindowCall>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const outcome = await ask(name, input);
  if (!outcome.ok) throw new FaultError(outcome.fault);
  return outcome.value;
}

export const faultOf = (error: unknown): Fault | null => (error instanceof FaultError ? error.fault : null);
