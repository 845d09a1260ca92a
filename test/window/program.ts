import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base } from '@playwright/test';
import { launch, removeFolder } from './launch.ts';
import type { Launched, LaunchOptions } from './launch.ts';

export { expect } from '@playwright/test';
export { answerDialog, root } from './launch.ts';
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
