import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { value } from './bridge.ts';
import { expect } from './program.ts';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What is shown can be used by everybody, as far as a program can tell; `screen` names it in a failure. */
export async function noBarriers(page: Page, screen: string): Promise<void> {
  // Colours fade from one to the other: what is read is what stays.
  await page.waitForTimeout(300);
  // The usual mode opens a second page, which this program refuses.
  const { violations } = await new AxeBuilder({ page }).withTags(rules).setLegacyMode(true).analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => ({ id, target, failureSummary })),
  );
  expect(found, screen).toEqual([]);
}

/** The same in every theme, each once it is on; the window ends in the last. */
export async function noBarriersInAnyTheme(page: Page, screen: string): Promise<void> {
  for (const theme of ['light', 'dark', 'contrast'] as const) {
    await value(page, 'settings.set', { theme });
    await expect(page.locator(`:root[data-theme=${theme}]`)).toBeAttached();
    await noBarriers(page, `${screen}, ${theme}`);
  }
}
