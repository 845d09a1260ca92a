import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';
import type { StartWorker } from '../engine/door.ts';
import { commandWords } from './arguments.ts';
import type { Log } from './log.ts';
import { utilityStartWorker } from './worker-process.ts';

/** What the command line cannot know by itself when Electron runs it. */
export type CommandHost = {
  /** Folder of the packs that ship with the program: they lie beside the archive. */
  readonly models: string;
  readonly startWorker: (file: string) => StartWorker;
};
export type CommandStart = {
  readonly argv: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Answers the words of a command; resolves to the exit code. */
  readonly answer: (words: readonly string[], host: CommandHost) => Promise<number>;
};

/** The command line tells faults itself; a worker's last words go with them. */
const silent: Log = { write: () => undefined, flush: () => Promise.resolve() };

/**
 * Answers a command in the terminal when the words name one, and returns whether they do. There is no window, and no lock
 * either: any number of commands may run beside a window. Returns before `ready`.
 */
export function beginCommand({ argv, environment, answer }: CommandStart): boolean {
  const words = commandWords(argv, process.cwd(), app.isPackaged ? undefined : app.getAppPath());
  if (!words) return false;
  // Chromium wants a folder of its own even where no page is shown, and two may not share one.
  const scratch = mkdtempSync(join(tmpdir(), 'outpost-command-'));
  app.setPath('userData', scratch);
  app.disableHardwareAcceleration();
  const end = (code: number): void => {
    rmSync(scratch, { recursive: true, force: true });
    app.exit(code);
  };
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${error.stack ?? String(error)}\n`);
    end(1);
  });
  const resources = app.isPackaged ? process.resourcesPath : app.getAppPath();
  const host: CommandHost = {
    models: join(resources, 'models'),
    startWorker: (file) => utilityStartWorker({ file, environment, log: silent }),
  };
  void app.whenReady().then(async () => {
    endBySignal(end);
    end(await answer(words, host));
  });
  return true;
}

/** A command that listens for Ctrl-C itself ends in its own way; any other ends at once, with the code of the signal. */
function endBySignal(end: (code: number) => void): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      if (process.listenerCount(name) === 1) end(128 + constants.signals[name]);
    });
}
