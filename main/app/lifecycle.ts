import { accessSync, constants, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app, powerMonitor } from 'electron';
import { Disposer } from '../lib/disposer.ts';
import { stackOf } from '../lib/error-text.ts';
import { dataFolder as chooseDataFolder } from '../lib/paths.ts';
import { ignoreUserSignals } from '../lib/signals.ts';
import { parseArguments } from './arguments.ts';
import { mayQuit } from './ask-before-quit.ts';
import type { QuitQuestion } from './ask-before-quit.ts';
import { hardenContents, hardenSwitches } from './hardening.ts';
import { openLog, type Log } from './log.ts';
import { listenForOpenRequests } from './open-requests.ts';
import { sweepBuilds } from './pack-maker.ts';
import { followRuns, resumeRuns } from './run-signals.ts';
import { registerScheme } from './scheme.ts';
import {
  setupApi,
  setupCalls,
  setupEngine,
  setupFiles,
  setupScheme,
  setupWindow,
  type Sides,
  type Start,
} from './setup.ts';
import { createShownWindow } from './shown-window.ts';

export { beginCommand } from './command-line.ts';

export type AppStart = Pick<Start, 'environment' | 'devServer'> & { readonly argv: readonly string[] };

/** Starts the program, or hands its files to the one that runs on this data folder already. Returns before `ready`. */
export function beginApp({ argv, environment, devServer }: AppStart): void {
  const options = parseArguments(argv, process.cwd(), app.isPackaged ? undefined : app.getAppPath());
  const data = chooseDataFolder(options.data);
  // Chromium's own files, and with them the lock: one window for each data folder.
  app.setPath('userData', writableFolder(join(data, 'window')));
  if (!app.requestSingleInstanceLock({ files: options.files, model: options.model })) {
    app.exit(0);
    return;
  }
  const log = setupLog(data);
  hardenSwitches(devServer);
  registerScheme();
  app.on('web-contents-created', (_event, contents) => hardenContents(contents, log));
  const shown = createShownWindow();
  const disposer = new Disposer();
  void app.whenReady().then(() => run({ environment, devServer, options, data, log, disposer, shown }));
}

/** The composition root: what is opened here is closed in reverse order. */
function run(start: Start): void {
  const { options, log, disposer, shown } = start;
  disposer.add(() => log.flush());
  const engineSide = setupEngine(start);
  const fileSide = setupFiles(start);
  setupScheme(start, engineSide, fileSide);
  const api = setupApi(start, engineSide);
  setupCalls(start, { engineSide, fileSide, api });
  const main = setupWindow(start);
  listenForOpenRequests(shown, fileSide.open);
  closeBeforeQuit(start, {
    window: shown.browserWindow,
    word: fileSide.shell.word,
    runs: async () => (await engineSide.link.engine()).runs.live(),
  });
  main.onShown(() => {
    const afterMs = Date.now() - (process.getCreationTime() ?? Number.NaN);
    log.write('info', `there is something to see ${afterMs} ms after the start`);
    // Not before: what is sent to a page that has not begun reaches nobody.
    void fileSide.open(options);
    void continueAfterPaint(start, { engineSide, fileSide, api });
  });
}

/** The folder itself, or one that lasts as long as the machine runs: Chromium does not start without a place to write. */
function writableFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return mkdtempSync(join(tmpdir(), 'outpost-'));
  }
}

function setupLog(data: string): Log {
  const log = openLog({ folder: join(data, 'logs'), programFolder: app.getAppPath() });
  process.on('uncaughtException', (error) => log.write('error', `not caught: ${stackOf(error)}`));
  process.on('unhandledRejection', (reason) => log.write('error', `not caught: ${stackOf(reason)}`));
  ignoreUserSignals((text) => log.write('info', text));
  return log;
}

/** After the first paint: the engine's events reach page and task bar, the theme is the chosen one, and what can wait is done. */
async function continueAfterPaint({ data, shown }: Start, parts: Sides): Promise<void> {
  const { link } = parts.engineSide;
  const { firstAnswer, shell } = parts.fileSide;
  const { engine, lifecycle } = await link.opened();
  const showTheme = async (): Promise<void> => shown.main()?.showTheme((await engine.settings.get()).theme);
  engine.on((event) => {
    shown.sendEvent(event);
    if (event.kind === 'settings-changed') void showTheme();
  });
  followRuns({ engine, shown, word: shell.word });
  if ((await engine.settings.get()).resumeRuns) void resumeRuns(engine);
  await showTheme();
  void parts.api.follow();
  // The worker that tries a new version must not take the processor from the one that is to answer.
  await link.warmed;
  await firstAnswer.done;
  await lifecycle.resume();
  sweepBuilds(data);
}

/**
 * Asks where runs would be interrupted, then drains, closes in reverse order, and ends. A system that shuts down, or whoever
 * sends a signal, is not kept waiting: what was answered is stored anyhow.
 */
function closeBeforeQuit({ disposer, shown, log }: Start, question: QuitQuestion): void {
  let step: 'open' | 'asking' | 'closing' = 'open';
  let isForced = false;
  const close = (): void => {
    step = 'closing';
    shown.browserWindow()?.hide();
    const finish = (): void => app.exit(0);
    disposer.close().then(finish, (error: unknown) => {
      log.write('error', `closing: ${stackOf(error)}`);
      void log.flush().then(finish);
    });
  };
  const quitAtOnce = (): void => {
    isForced = true;
    app.quit();
  };
  powerMonitor.on('shutdown', quitAtOnce);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, quitAtOnce);
  app.on('window-all-closed', () => app.quit());
  // The window stays until it is known whether the program does.
  shown.browserWindow()?.on('close', (event) => {
    event.preventDefault();
    app.quit();
  });
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (step === 'closing') return;
    if (isForced) return close();
    if (step === 'asking') return;
    step = 'asking';
    void mayQuit(question).then((isRight) => {
      if (step !== 'asking') return;
      if (isRight) close();
      else step = 'open';
    });
  });
}
