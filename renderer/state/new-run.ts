import { useQuery } from '@tanstack/react-query';
import type { Selection } from '../../contract/calls/calls.ts';
import type { RunCheck } from '../../contract/runs/run-check.ts';
import type { Fault } from '../../contract/faults/faults.ts';
import { cell } from './cell.ts';
import { valueOf } from './client.ts';

/*
 * A run that is being put together.
 *
 *   empty ──choose, drop──> looking ──start──> empty
 *     ^                      │  ^ choose others, another model: looked at anew
 *     ├───────cancel─────────┤  └──┐
 *     └───────cancel──── failed ───┘
 */
export type NewRun =
  | { readonly kind: 'empty' }
  | (Chosen & { readonly kind: 'looking'; readonly request: string })
  | (Chosen & { readonly kind: 'failed'; readonly fault: Fault });
export type Chosen = {
  readonly selection: Selection;
  /** What it will be called. */
  readonly title: string;
  /** Id of the model, or of one of its versions. */
  readonly model: string;
  readonly thorough: boolean;
};
export const newRun = cell<NewRun>({ kind: 'empty' });

const lookEveryMs = 400;

/** What main has found out of it so far; asked again until nothing of it changes any more. */
export const useRunCheck = (request: string | null) =>
  useQuery<RunCheck | null>({
    queryKey: ['run-check', request],
    queryFn: () => valueOf('runs.checked', { request: request ?? '' }),
    enabled: request !== null,
    refetchInterval: ({ state }) => (state.data?.isOver ? false : lookEveryMs),
    gcTime: 10_000,
  });
