import { QueryClient } from '@tanstack/react-query';
import { ask } from '../bridge.ts';
import type { WindowCall } from '../bridge.ts';
import type { CallInput, CallOutput } from '../../contract/calls/calls.ts';
import type { Fault } from '../../contract/faults/faults.ts';

/** Carries a fault through a query; the view reads `fault`. */
class FaultError extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

export const client = new QueryClient({
  defaultOptions: {
    // Main announces changes, so queries never refetch by themselves.
    queries: { staleTime: Infinity, retry: false, refetchOnWindowFocus: false, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});

/** The value of a call, or a thrown FaultError, as TanStack Query expects. */
export async function valueOf<N extends WindowCall>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const outcome = await ask(name, input);
  if (!outcome.ok) throw new FaultError(outcome.fault);
  return outcome.value;
}

export const faultOf = (error: unknown): Fault | null => (error instanceof FaultError ? error.fault : null);
