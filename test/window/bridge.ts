import { expect } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import type { CallInput, CallOutput, CallsAt } from '../../contract/calls/calls.ts';
import type { Outcome } from '../../contract/faults/faults.ts';

type WindowCall = CallsAt<'window'>;

/** A call as the page makes it. */
export async function ask<N extends WindowCall>(
  page: Page,
  name: N,
  input?: CallInput<N>,
): Promise<Outcome<CallOutput<N>>> {
  const answer = await page.evaluate(
    ([call, value]) => {
      type Bridge = { calls: Record<string, (input: unknown) => Promise<unknown>> };
      const { outpost } = window as unknown as { outpost: Bridge };
      return outpost.calls[call]!(value);
    },
    [name, input] as const,
  );
  return answer as Outcome<CallOutput<N>>;
}

/** The value of a call that must succeed. */
export async function value<N extends WindowCall>(
  page: Page,
  name: N,
  input?: CallInput<N>,
): Promise<CallOutput<N>> {
  const answer = await ask(page, name, input);
  if (!answer.ok) throw new Error(`${name}: ${answer.fault.code}: ${answer.fault.message}`);
  return answer.value;
}

/** Process numbers of the workers that run now. */
export function workerPids(app: ElectronApplication): Promise<readonly number[]> {
  return app.evaluate(({ app: program }) =>
    program
      .getAppMetrics()
      .filter(({ name, serviceName }) => name === 'outpost-worker' || serviceName === 'outpost-worker')
      .map(({ pid }) => pid),
  );
}

export async function finished(page: Page, run: string): Promise<CallOutput<'runs.get'>> {
  await expect
    .poll(async () => (await value(page, 'runs.get', { run })).kind, { timeout: 80_000, intervals: [200] })
    .toMatch(/^(?:done|stopped|failed)$/u);
  return value(page, 'runs.get', { run });
}
