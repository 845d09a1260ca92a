import { spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { writeMeasured } from './measured.ts';

export const root = resolve(import.meta.dirname, '..', '..');
export const fixture = (...parts: string[]): string => join(root, 'test', 'fixtures', ...parts);
export const photo = (name: string): string => fixture('photos', name);

export type LaunchOptions = {
  /**
   * A data folder; without it one is made, and removed at the end. One that exists without a store gets one where the models
   * were measured; one that does not exist is made by the program, as on its very first start.
   */
  readonly data?: string;
  readonly files?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};
export type Launched = {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly data: string;
  /** Milliseconds from the start of the process until the page had loaded. */
  readonly loadedMs: number;
  /** Uncaught errors and errors on the console of the page. */
  readonly complaints: string[];
  close(): Promise<void>;
};

/** The real program in the real window, on a data folder of its own. */
export async function launch({ data, files = [], env = {} }: LaunchOptions = {}): Promise<Launched> {
  const folder = data ?? newFolder();
  if (existsSync(folder) && !existsSync(join(folder, 'outpost.db'))) await writeStore(folder);
  const begun = performance.now();
  const started = await _electron.launch({
    args: [root, '--data', folder, ...files],
    env: { ...ownEnvironment(), ...ownScreen(), ...env },
    // The program's own theme is what is shown, not one that the driver puts over it.
    colorScheme: null,
    chromiumSandbox: process.env['OUTPOST_TEST_SANDBOX'] === '1',
    cwd: root,
  });
  const app = withLostRepliesAsked(started);
  // Of a program that was killed it could not be asked any more.
  const main = app.process();
  const page = await app.firstWindow();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.waitForLoadState('load');
  const loadedMs = performance.now() - begun;
  let closed: Promise<void> | null = null;
  return {
    app,
    page,
    data: folder,
    loadedMs,
    complaints,
    async close() {
      await (closed ??= closeApp(app, main));
      if (data === undefined) removeFolder(folder);
    },
  };
}

let measured: Promise<Buffer> | undefined;

/** Into a data folder: the store of a computer where Outpost has measured the shipped models. */
export async function writeStore(folder: string): Promise<void> {
  const bytes = await (measured ??= measuredStore());
  writeFileSync(join(folder, 'outpost.db'), bytes, { mode: 0o600 });
}

/** Made once in each process of Playwright's. */
async function measuredStore(): Promise<Buffer> {
  const folder = newFolder();
  await writeMeasured(folder);
  const bytes = readFileSync(join(folder, 'outpost.db'));
  removeFolder(folder);
  return bytes;
}

/**
 * Playwright loses the reply of the main process now and then: Node's debugger reports that the promise was collected before
 * it was settled. Exactly this is asked once more; whatever the program itself throws goes through.
 */
function withLostRepliesAsked(app: ElectronApplication): ElectronApplication {
  const evaluate = app.evaluate.bind(app) as (...asked: unknown[]) => Promise<unknown>;
  const retrying = (...asked: unknown[]): Promise<unknown> =>
    evaluate(...asked).catch((error: unknown) => {
      if (!/Resulting promise was garbage collected/u.test(String(error))) throw error;
      return evaluate(...asked);
    });
  return Object.assign(app, { evaluate: retrying });
}

/** Installed packs may not be written to, and their folders not be emptied. */
export function removeFolder(folder: string): void {
  spawnSync('chmod', ['-R', 'u+w', folder]);
  // Chromium's own processes may write the last of their cache while the folder goes; `maxRetries` looks for nothing new.
  for (let tries = 20; ; tries -= 1)
    try {
      return rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (tries === 0 || (error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
}

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'outpost-window-test-'));

/** Drops files as a hand would: they carry their paths, which the page cannot give them. */
export async function dropFiles(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  await session.detach();
}

/** The next dialog is answered with these paths. */
export async function answerDialog(app: ElectronApplication, paths: readonly string[]): Promise<void> {
  await app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () =>
      Promise.resolve({ canceled: filePaths.length === 0, filePaths: [...filePaths] });
  }, paths);
}

/** Where the dialog of the system says to write; nowhere closes it. */
export async function answerSave(app: ElectronApplication, file: string | null): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: filePath === null, filePath: filePath ?? '' });
  }, file);
}

/** Whoever is asked whether a run may be interrupted says yes. */
async function quitsAtOnce(app: ElectronApplication): Promise<void> {
  await app
    .evaluate(({ dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false });
    })
    .catch(() => undefined);
}

async function closeApp(app: ElectronApplication, main: ChildProcess): Promise<void> {
  const clock = setTimeout(() => main.kill('SIGKILL'), 15_000);
  await quitsAtOnce(app);
  await app.close().catch(() => undefined);
  clearTimeout(clock);
}

/** Of the screens that the tests were given, the one of this process of Playwright's. */
export function ownScreen(): Record<string, string> {
  const screens = (process.env['OUTPOST_TEST_SCREENS'] ?? '').split(' ').filter((each) => each !== '');
  const [DISPLAY, XAUTHORITY] = screens[Number(process.env['TEST_PARALLEL_INDEX'] ?? 0)]?.split('=') ?? [];
  return DISPLAY && XAUTHORITY ? { DISPLAY, XAUTHORITY } : {};
}

export function ownEnvironment(): Record<string, string> {
  const left = Object.entries(process.env).filter(
    ([name]) => !/^(ELECTRON_RENDERER_URL|ELECTRON_RUN_AS_NODE|OUTPOST_DATA|NODE_OPTIONS)$/u.test(name),
  );
  return Object.fromEntries(left.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
