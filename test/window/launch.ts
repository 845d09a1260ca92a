import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, test as base } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';

export { expect } from '@playwright/test';

export type Launch = {
  /** Data folder; a new one when absent. */
  readonly data?: string;
  readonly args?: readonly string[];
};
export type Outpost = {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly data: string;
  /** Ends the program as a person does; its data stays. */
  quit(): Promise<void>;
};

export const root = path.resolve(import.meta.dirname, '../..');
export const fixtures = path.join(root, 'test', 'fixtures');
export const samples = path.join(root, 'models', 'efficientnet-lite0', 'samples');

/** The real program on a data folder of its own; everything that was started and made goes when the test ends. */
export const test = base.extend<{ launch: (options?: Launch) => Promise<Outpost>; folder: string }>({
  folder: async ({}, use) => {
    const folder = newFolder();
    await use(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  },
  launch: async ({}, use) => {
    const running: ElectronApplication[] = [];
    const made: string[] = [];
    await use(async ({ data, args = [] } = {}) => {
      const folder = data ?? newFolder();
      if (!data) made.push(folder);
      const app = await start(['--data', folder, ...args]);
      running.push(app);
      const page = await app.firstWindow();
      await page.waitForLoadState('domcontentloaded');
      return { app, page, data: folder, quit: () => end(app) };
    });
    for (const app of running) await end(app);
    for (const folder of made) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  },
});

export function start(args: readonly string[]): Promise<ElectronApplication> {
  return _electron.launch({
    args: ['.', ...args],
    cwd: root,
    env: environment(),
    chromiumSandbox: process.env['OUTPOST_TEST_SANDBOX'] === '1',
    timeout: 60_000,
  });
}

export function environment(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

export function newFolder(): string {
  const parent = process.env['OUTPOST_TEST_RESULTS'] ?? tmpdir();
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(path.join(parent, 'outpost-window-'));
}

async function end(app: ElectronApplication): Promise<void> {
  const child = app.process();
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await app.close().catch(() => undefined);
  await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 5000))]);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}
