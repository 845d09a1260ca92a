import path from 'node:path';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { value } from './bridge.ts';
import { isLong } from '../long.ts';
import { faultsOfLayout, looks, setLook } from './layout.ts';

const languages = ['en', 'de'] as const;
/** In the usual run each size once: those with little room in German, whose words are longer. */
const usualLooks = { en: looks.slice(1, 2), de: looks.filter((_, at) => at !== 1) };
const themes = ['light', 'dark', 'contrast'] as const;
/** A folder that takes a picture of all that is measured, for a person to look through. */
const pictures = process.env['OUTPOST_TEST_PICTURES'];
const usual = { width: 1280, height: 800, zoom: 1 } as const;

export type Measured = {
  /** What a person cannot read or cannot reach, with where it was; one line each. */
  readonly found: readonly string[];
  /**
   * Measures the screen as it is in each language and at each size. `german` is what it says in German, where that is a
   * fault: none of them is to stay English.
   */
  look(screen: string, german?: RegExp): Promise<void>;
};

/** Measures whatever the page shows, from 800 × 500 to 1920 × 1080 and at 200 %, in English and German; all of them in the long run. */
export async function openMeasured(page: Page): Promise<Measured> {
  const session = await page.context().newCDPSession(page);
  const found: string[] = [];
  let shown = 0;
  await setLook(page, session, usual);
  return {
    found,
    async look(screen, german) {
      for (const language of languages) {
        await value(page, 'settings.set', { language });
        await expect(page.locator('html')).toHaveAttribute('lang', language);
        for (const size of isLong || pictures ? looks : usualLooks[language]) {
          await setLook(page, session, size);
          // In a small window the fault is folded.
          if (german && language === 'de' && size.height >= 800 && size.zoom === 1)
            await expect(page.getByText(german).first()).toBeVisible();
          const where = `${screen}, ${size.width}×${size.height} at ${size.zoom}00 %, ${language}`;
          const faults = await faultsOfLayout(page);
          found.push(...faults.map((fault) => `${where}: ${fault}`));
          if (!pictures) continue;
          // Each theme comes to each size of some screen; to all of them it would be hundreds of pictures.
          await value(page, 'settings.set', { theme: themes[shown % themes.length]! });
          shown += 1;
          await page.waitForTimeout(400);
          await page.screenshot({ path: path.join(pictures, `${where.replaceAll(/[ ,×%]+/gu, '-')}.png`) });
        }
      }
      await setLook(page, session, usual);
      await value(page, 'settings.set', { language: 'en', ...(pictures && { theme: 'light' }) });
      await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    },
  };
}
