import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import { value } from './bridge.ts';
import { expect } from './program.ts';

const rules = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
/** Of those, what another theme can change: names, roles and sizes are the same in each. */
const ofColours = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
type Rules = typeof rules;
// axe as its builder for Playwright has it.
const axeFile = createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright')).resolve(
  'axe-core/axe.min.js',
);

type Violation = {
  readonly id: string;
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[];
};
type Axe = { run(options: object): Promise<{ readonly violations: readonly Violation[] }> };

/**
 * A page is given axe once, where its builder gives it before each look and brings back what is in order, too. Outpost's
 * page has no frames, which would have to be looked at one by one.
 */
async function violationsOf(page: Page, runOnly: Rules): Promise<readonly Violation[]> {
  expect(page.frames()).toHaveLength(1);
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(readFileSync(axeFile, 'utf8'));
  return page.evaluate(async (only) => {
    const { axe } = window as unknown as { axe: Axe };
    const { violations } = await axe.run({ runOnly: only, resultTypes: ['violations'] });
    return violations;
  }, runOnly);
}

/** Colours fade from one to the other, and what comes fades in: what is looked at is what stays. */
async function untilFaded(page: Page): Promise<void> {
  await page.waitForTimeout(300);
  await page.evaluate(async () => {
    const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);
    const isEnding = (one: Animation): boolean => one.effect?.getComputedTiming().endTime !== Infinity;
    // What ends may start what comes after it: two frames in a row without any.
    for (let still = 0; still < 2; still += 1) {
      await frame();
      const ending = document.getAnimations().filter((one) => one.playState === 'running' && isEnding(one));
      if (ending.length > 0) still = -1;
      await Promise.all(ending.map((one) => one.finished.catch(() => undefined)));
    }
  });
}

/** What is shown can be used by everybody, as far as a program can tell; `screen` names it in a failure. */
export async function noBarriers(page: Page, screen: string, runOnly = rules): Promise<void> {
  await untilFaded(page);
  const violations = await violationsOf(page, runOnly);
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => ({ id, target, failureSummary })),
  );
  expect(found, screen).toEqual([]);
}

/** The same, and the colours of it in every theme, each once it is on; the window ends in the last. */
export async function noBarriersInAnyTheme(page: Page, screen: string): Promise<void> {
  for (const theme of ['light', 'dark', 'contrast'] as const) {
    await value(page, 'settings.set', { theme });
    await expect(page.locator(`:root[data-theme=${theme}]`)).toBeAttached();
    await noBarriers(page, `${screen}, ${theme}`, theme === 'light' ? rules : ofColours);
  }
}
