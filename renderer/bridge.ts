import type { CallInput, CallOutput, CallsAt, Selection } from '../contract/calls/calls.ts';
import type { OutpostEvent } from '../contract/calls/events.ts';
import type { Outcome } from '../contract/faults/faults.ts';

export type WindowCall = CallsAt<'window'>;
type Bridge = {
  readonly calls: { readonly [N in WindowCall]: (input: CallInput<N>) => Promise<Outcome<CallOutput<N>>> };
  readonly adopt: (files: readonly File[]) => Promise<Outcome<Selection>>;
  readonly on: (listener: (event: OutpostEvent) => void) => () => void;
  readonly platform: string;
};

/** What the preload put there. This is the only file of the page that knows where it stands. */
export const bridge: Bridge = (window as unknown as { readonly outpost: Bridge }).outpost;

/** Asks main; a fault comes back as a value. */
export function ask<N extends WindowCall>(name: N, input: CallInput<N>): Promise<Outcome<CallOutput<N>>> {
  return bridge.calls[name](input);
}
