import type { Page } from '@playwright/test';
import type { CallInput, CallOutput, CallsAt } from '../../contract/calls.ts';
import type { Outcome } from '../../contract/faults.ts';

type Bridge = {
  readonly outpost: { readonly calls: Readonly<Record<string, (input: unknown) => Promise<unknown>>> };
};

/** Asks as the page asks. */
export function ask<N extends CallsAt<'window'>>(
  page: Page,
  name: N,
  input?: CallInput<N>,
): Promise<Outcome<CallOutput<N>>> {
  return page.evaluate(([call, given]) => (window as unknown as Bridge).outpost.calls[call]!(given), [
    name,
    input,
  ] as const) as Promise<Outcome<CallOutput<N>>>;
}

/** As `ask`, for what has to be answered. */
export async function asked<N extends CallsAt<'window'>>(
  page: Page,
  name: N,
  input?: CallInput<N>,
): Promise<CallOutput<N>> {
  const outcome = await ask(page, name, input);
  if (!outcome.ok) throw new Error(`${name}: ${outcome.fault.code}: ${outcome.fault.message}`);
  return outcome.value;
}
