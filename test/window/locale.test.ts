import path from 'node:path';
import type { Page } from '@playwright/test';
import { value } from './bridge.ts';
import { expect, test } from './program.ts';

/** What a field of a day holds after these digits, which Chromium takes in the order of its locale. */
async function dayOf(page: Page, digits: string): Promise<string> {
  await page.evaluate(() => {
    const field = Object.assign(document.createElement('input'), { type: 'date', id: 'day' });
    document.body.append(field);
    field.focus();
  });
  await page.keyboard.type(digits);
  const day = await page.locator('#day').inputValue();
  await page.evaluate(() => document.querySelector('#day')?.remove());
  return day;
}

test('in German a day is written day first, from the next start on', async ({ open, folder }) => {
  const given = { data: path.join(folder, 'data'), env: { LANGUAGE: 'en_US' } };
  const first = await open(given);
  // As the system has it: the month first.
  expect(await dayOf(first.page, '31122025')).not.toBe('2025-12-31');
  await value(first.page, 'settings.set', { language: 'de' });
  await expect(first.page.locator('html')).toHaveAttribute('lang', 'de');
  await first.close();

  const { page, complaints } = await open(given);
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  expect(await page.evaluate(() => navigator.language)).toMatch(/^de/u);
  expect(await dayOf(page, '31122025')).toBe('2025-12-31');
  expect(complaints).toEqual([]);
});
