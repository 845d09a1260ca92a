import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base } from '@playwright/test';
import type { CallInput } from '../../contract/calls/calls.ts';
import { value } from './bridge.ts';
import { launch, removeFolder } from './launch.ts';
import type { Launched, LaunchOptions } from './launch.ts';

export { expect } from '@playwright/test';
export { answerDialog, answerSave, root } from './launch.ts';
export const samples = path.join(import.meta.dirname, '../../models/efficientnet-lite0/samples');

type Fixtures = {
  /** The real program; it ends with the test. */
  open: (options?: LaunchOptions) => Promise<Launched>;
  /** An empty folder that goes with the test. */
  folder: string;
};

export const test = base.extend<Fixtures>({
  folder: async ({}, use) => {
    const parent = process.env['OUTPOST_TEST_RESULTS'] ?? tmpdir();
    mkdirSync(parent, { recursive: true });
    const folder = mkdtempSync(path.join(parent, 'outpost-window-'));
    await use(folder);
    removeFolder(folder);
  },
  open: async ({}, use) => {
    const opened = new Set<Launched>();
    await use(async (options) => {
      const program = await launch(options);
      const close = (): Promise<void> => (opened.delete(open) ? program.close() : Promise.resolve());
      const open = { ...program, close };
      opened.add(open);
      return open;
    });
    for (const program of opened) await program.close();
  },
});

/**
 * One program for all tests of a file that need no new data folder. The first finds it as it was started; each of the
 * others loads its page anew and begins in Try with the settings of the start. Answers, runs, models and tokens are as the
 * tests before left them.
 */
export function oneProgram(options?: LaunchOptions): { loaded(): Promise<Launched> } {
  let program: Launched | undefined;
  let settings: CallInput<'settings.set'> | undefined;
  test.beforeAll(async () => {
    program = await launch(options);
  });
  test.afterAll(() => program?.close());
  return {
    async loaded() {
      if (program === undefined) throw new Error('a program is asked for before the tests of its file');
      const { page, complaints } = program;
      if (!settings) {
        const { cardFolder: _, ...rest } = await value(page, 'settings.get');
        settings = rest;
      } else {
        // What the page before was about to save of its look is not saved any more.
        await page.reload();
        await value(page, 'app.keepLook', { view: 'try', threshold: 0.1 });
        await value(page, 'settings.set', settings);
        await page.reload();
        complaints.splice(0);
      }
      return program;
    },
  };
}
