import path from 'node:path';
import { expect } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import type { CallOutput } from '../../contract/calls/calls.ts';
import { finished, value } from './bridge.ts';
import { answerDialog } from './launch.ts';

export const model = 'efficientnet-lite0';

/** Chooses the folder in the dialog and starts a run over it, as the page does. */
export async function startRun(
  { app, page }: { app: ElectronApplication; page: Page },
  folder: string,
  by: string = model,
): Promise<CallOutput<'runs.start'>> {
  await answerDialog(app, [folder]);
  const selection = await value(page, 'files.choose', { kind: 'folder' });
  if (!selection) throw new Error('nothing was chosen');
  return value(page, 'runs.start', { selection: selection.id, model: by });
}

/** Runs over the folder to its end, and opens the run from the list of those that ended. */
export async function openRunOf(
  program: { app: ElectronApplication; page: Page },
  folder: string,
  by: string = model,
): Promise<void> {
  const { page } = program;
  await finished(page, (await startRun(program, folder, by)).id);
  await page.keyboard.press('Control+2');
  // Of runs with one title the first is the new one, once the list has it.
  const { total } = await value(page, 'runs.ended', { search: '', show: 'all', after: null, limit: 1 });
  await expect(page.locator('.runs-tools')).toContainText(new RegExp(`^Earlier\\s*${total}\\D`, 'u'));
  await page
    .getByRole('list', { name: 'Earlier' })
    .getByRole('button', { name: path.basename(folder), exact: false })
    .first()
    .click();
}
