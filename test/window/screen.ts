import type { ElectronApplication, Locator, Page } from '@playwright/test';
import type { CallName } from '../../contract/calls/calls.ts';

export const sampleCard = (page: Page, name: string): Locator =>
  page
    .locator('main, body')
    .last()
    .getByRole('button', { name: new RegExp(name, 'u') });

/** The line of a label in the list of what the model says. */
export const labelRow = (page: Page, label: string): Locator =>
  page.getByRole('listitem').filter({ hasText: label });

/** The photos of a run, as a table of rows below their heads. */
export const runList = (page: Page): Locator => page.getByRole('grid', { name: 'Answers of this run' });
export const runRows = (page: Page): Locator =>
  runList(page)
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell') });

type InvokeHandler = (event: unknown, input: unknown) => unknown;

/** From now on counts how often the page makes this call. */
export async function countCalls(app: ElectronApplication, name: CallName): Promise<() => Promise<number>> {
  await app.evaluate(({ ipcMain }, call) => {
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, InvokeHandler> })._invokeHandlers;
    const counts = ((globalThis as { counts?: Record<string, number> }).counts ??= {});
    counts[call] = 0;
    const answer = handlers.get(call)!;
    handlers.set(call, (event, input) => {
      counts[call] = (counts[call] ?? 0) + 1;
      return answer(event, input);
    });
  }, name);
  return () =>
    app.evaluate((_, call) => (globalThis as { counts?: Record<string, number> }).counts?.[call] ?? 0, name);
}
