import type { ElectronApplication, Page } from '@playwright/test';
import type { CallInput, CallOutput, CallsAt } from '../../contract/calls.ts';
import type { Outcome } from '../../contract/faults.ts';
import { expect } from './launch.ts';

type WindowCall = CallsAt<'window'>;

/** A call as the page makes it. */
export async function ask<N extends WindowCall>(page: Page, name: N, input?: CallInput<N>): Promise<Outcome<CallOutput<N>>> {
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
export async function value<N extends WindowCall>(page: Page, name: N, input?: CallInput<N>): Promise<CallOutput<N>> {
  const answer = await ask(page, name, input);
  if (!answer.ok) throw new Error(`${name}: ${answer.fault.code}: ${answer.fault.message}`);
  return answer.value;
}

/** The next file dialog answers with these paths, as if a person had chosen them. */
export async function stubDialog(app: ElectronApplication, paths: readonly string[]): Promise<void> {
  await app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: filePaths.length === 0, filePaths: [...filePaths] });
  }, paths);
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
