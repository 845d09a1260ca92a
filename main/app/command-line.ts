import { mkdtempSync } from 'node:fs';
import { constants, devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';
import type { StartWorker } from '../engine/index.ts';
import { commandArguments } from './arguments.ts';
import type { Log } from './log.ts';
import { utilityStartWorker } from './utility-worker.ts';

/** What the command line cannot know by itself when Electron runs it. */
type CommandHost = {
  /** Folder of the packs that ship with the program: they lie beside the archive. */
  readonly models: string;
  readonly startWorker: (file: string) => StartWorker;
};
type CommandStart = {
  readonly argv: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Runs a command with its arguments; resolves to the exit code. */
  readonly answer: (args: readonly string[], host: CommandHost) => Promise<number>;
};

/** No log file: faults are printed, with a worker's last output. */
const silent: Log = { write: () => undefined, flush: () => Promise.resolve() };

/**
 * Runs a command in the terminal when the arguments name one, and returns whether they do. There is no window, and no
 * lock on the data folder: any number of commands may run beside a window. Returns before Electron's `ready`.
 */
export function beginCommand({ argv, environment, answer }: CommandStart): boolean {
  const args = commandArguments(argv, process.cwd(), app.isPackaged ? undefined : app.getAppPath());
  if (!args) return false;
  app.setPath('userData', nowhere());
  app.disableHardwareAcceleration();
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${error.stack ?? String(error)}\n`);
    app.exit(1);
  });
  const resources = app.isPackaged ? process.resourcesPath : app.getAppPath();
  const host: CommandHost = {
    models: join(resources, 'models'),
    startWorker: (file) => utilityStartWorker({ file, environment, log: silent }),
  };
  void app.whenReady().then(async () => {
    endBySignal();
    app.exit(await answer(args, host));
  });
  return true;
}

/**
 * Chromium makes its folder even where no page is shown, some time after the start and again after it was removed. Where
 * the system has a place that cannot hold one, nothing is left behind.
 */
function nowhere(): string {
  return process.platform === 'win32'
    ? mkdtempSync(join(tmpdir(), 'outpost-command-'))
    : join(devNull, 'outpost');
}

/** Commands with their own SIGINT handler shut down by it; the others exit at once with 128 + signal. */
function endBySignal(): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      if (process.listenerCount(name) === 1) app.exit(128 + constants.signals[name]);
    });
}
