import { accessSync, constants, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';
import { Disposer } from '../lib/disposer.ts';
import { stackOf } from '../lib/error-text.ts';
import { dataFolder as chooseDataFolder } from '../lib/paths.ts';
import { ignoreUserSignals } from '../lib/signals.ts';
import { parseArguments } from './arguments.ts';
import { hardenContents, hardenSwitches } from './hardening.ts';
import { openLog, type Log } from './log.ts';
import { listenForOpenRequests } from './open-requests.ts';
import { sweepBuilds } from './pack-maker.ts';
import { closeBeforeQuit } from './quit.ts';
import type { BeforeQuit } from './quit.ts';
import { followPower } from './power-signals.ts';
import { followRuns, resumeRuns } from './run-signals.ts';
import { registerScheme } from './scheme.ts';
import {
  setupApi,
  setupCalls,
  setupCards,
  setupEngine,
  setupFiles,
  setupScheme,
  setupWindow,
  type Sides,
  type Start,
} from './setup.ts';
import { localeOf } from './locale.ts';
import { createShownWindow } from './shown-window.ts';
import { readWindowState, windowFile } from './window-state.ts';
import { copyUnderWay } from './under-way.ts';
import { makeFoldersSync } from '../lib/make-folders.ts';

export { beginCommand } from './command-line.ts';

type AppStart = Pick<Start, 'environment' | 'devServer'> & { readonly argv: readonly string[] };

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
  chooseLocale(data, environment);
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
  const cards = setupCards(start, engineSide);
  const sides = { engineSide, fileSide, api, cards };
  setupCalls(start, sides);
  const main = setupWindow(start);
  listenForOpenRequests(shown, fileSide.open);
  const beforeQuit = closeBeforeQuit(start, {
    window: shown.browserWindow,
    word: fileSide.shell.word,
    runs: async () => (await engineSide.link.engine()).runs.live(),
    copies: () => cards.live().map(copyUnderWay),
    isServing: () => api.isOn(),
  });
  main.onShown(() => {
    const afterMs = Date.now() - (process.getCreationTime() ?? Number.NaN);
    log.write('info', `there is something to see ${afterMs} ms after the start`);
    // Events sent before the page listens would be lost.
    void fileSide.open(options);
    void continueAfterPaint(start, sides, beforeQuit);
  });
}

/**
 * Fields of dates are Chromium's own and have the order of its locale, which is set before the program is ready: that of the language
 * of the last window. What is chosen anew holds from the next start on.
 */
function chooseLocale(data: string, environment: NodeJS.ProcessEnv): void {
  const { language } = readWindowState(windowFile(data));
  if (language === null || app.commandLine.hasSwitch('lang')) return;
  const locale = localeOf(language, app.getPreferredSystemLanguages());
  app.commandLine.appendSwitch('lang', locale);
  if (process.platform !== 'linux') return;
  // There GLib is asked first, which goes by this variable. Processes that are started later have it as it was.
  const { LANGUAGE: before } = environment;
  environment['LANGUAGE'] = locale;
  void app.whenReady().then(() => {
    if (before === undefined) delete environment['LANGUAGE'];
    else environment['LANGUAGE'] = before;
  });
}

/** The folder itself, or one that lasts as long as the machine runs: Chromium does not start without a place to write. */
function writableFolder(folder: string): string {
  try {
    makeFoldersSync(folder, { mode: 0o700 });
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

/** After the first paint: the engine's events reach page and task bar, theme and language are the chosen ones, and what can wait is done. */
async function continueAfterPaint(
  { data, shown }: Start,
  parts: Sides,
  { noteWork }: BeforeQuit,
): Promise<void> {
  const { link } = parts.engineSide;
  const { firstResult, shell } = parts.fileSide;
  const { engine, lifecycle } = await link.opened();
  const showSettings = async (): Promise<void> => shown.main()?.showSettings(await engine.settings.get());
  engine.on((event) => {
    shown.sendEvent(event);
    if (event.kind === 'settings-changed') void showSettings();
  });
  followRuns({ engine, cards: parts.cards, shown, word: shell.word, onChange: noteWork });
  followPower(engine);
  if ((await engine.settings.get()).resumeRuns) void resumeRuns(engine);
  await showSettings();
  void parts.api.follow();
  // Wait: a trial must not compete with the first inference for the CPU.
  await link.warmed;
  await firstResult.done;
  await parts.cards.begin();
  await lifecycle.resume();
  sweepBuilds(data);
}
