import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import type { ElectronApplication, Locator, Page } from '@playwright/test';
import { answerSave } from './launch.ts';

export const exportDialog = (page: Page): Locator => page.getByRole('dialog', { name: 'Export the run' });

/** Writes what the open dialog is about, so many photos where that is known, to this file, as a table for programs. Returns the rows below its head. */
export async function writeCsv(
  { app, page }: { readonly app: ElectronApplication; readonly page: Page },
  file: string,
  photos?: number,
): Promise<readonly string[]> {
  const dialog = exportDialog(page);
  await answerSave(app, file);
  await dialog.getByRole('radio', { name: 'Table for programs (CSV)' }).check();
  await dialog.getByRole('button', { name: 'Choose where, and write' }).click();
  const count = photos === undefined ? '' : `: ${photos} photo${photos === 1 ? '' : 's'}.`;
  const written = `${path.basename(file)} is written${count}`;
  await expect(dialog.getByRole('status').first()).toContainText(written, { timeout: 90_000 });
  await dialog.getByRole('button', { name: 'Done' }).click();
  return readFileSync(file, 'utf8').trimEnd().split('\r\n').slice(1);
}
