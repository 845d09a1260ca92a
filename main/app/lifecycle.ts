import { accessSync, constants, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app, session, shell } from 'electron';
import { PackId } from '../../contract/ids.ts';
import { Disposer } from '../lib/disposer.ts';
import { stackOf } from '../lib/error-text.ts';
import { ignoreUserSignals } from '../lib/signals.ts';
import { dataFolder as chooseDataFolder } from '../lib/paths.ts';
import { openOutpost, type BuildRunnerParts } from '../composition/index.ts';
import type { Updates } from '../updates/index.ts';
import { linkedModel, parseArguments, type AppArguments } from './arguments.ts';
import { handlersOf } from './calls/index.ts';
import type { Opened } from './calls/parts.ts';
import { createChooser } from './chooser.ts';
import { firstAnswer, type FirstAnswer } from './first-answer.ts';
import { createImportChooser } from './import-chooser.ts';
import { copyText } from './clipboard.ts';
import { dragIcon } from './drag-icon.ts';
import { createFileActions } from './file-actions.ts';
import { Files } from './files.ts';
import { hardenContents, hardenSession, hardenSwitches } from './hardening.ts';
import { eventSender, serveCalls } from './ipc.ts';
import { openLog, type Log } from './log.ts';
import { appNetwork, type Network } from './network.ts';
import { pageUrl } from './our-page.ts';
import { createPackMaker, sweepBuilds } from './pack-making.ts';
import { pageHost } from './page.ts';
import { PictureSizes } from './picture-sizes.ts';
import { photoHost, thumbnailHost } from './pictures.ts';
import { registerScheme, serveScheme } from './scheme.ts';
import { followRuns } from './run-signals.ts';
import { createShell } from './shell.ts';
import { createApiServer, maxQueue, type ApiServer } from './server.ts';
import { comeBack, createOutpostUpdate } from './outpost-update.ts';
import { openAppUpdates } from './updates.ts';
import { openWindow, type MainWindow } from './window.ts';
import { utilityStartWorker } from './worker-process.ts';

export { beginCommand } from './command-line.ts';

export type AppStart = {
  readonly argv: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Address of the development server, whose page is shown instead of the built one. */
  readonly devServer: string | undefined;
};
type Running = AppStart & { readonly options: AppArguments; readonly data: string; readonly log: Log };

const drainMs = 4000;

/** Starts the program, or hands its files to the one that runs on this data folder already. Returns before `ready`. */
export function beginApp(start: AppStart): void {
  const options = parseArguments(start.argv, process.cwd(), app.isPackaged ? undefined : app.getAppPath());
  const data = chooseDataFolder(options.data);
  // Chromium's own files, and with them the lock: one window for each data folder.
  app.setPath('userData', writableFolder(join(data, 'window')));
  if (!app.requestSingleInstanceLock({ files: options.files, model: options.model })) return app.exit(0);
  const log = openLog({ folder: join(data, 'logs'), programFolder: app.getAppPath() });
  process.on('uncaughtException', (error) => log.write('error', `not caught: ${stackOf(error)}`));
  process.on('unhandledRejection', (reason) => log.write('error', `not caught: ${stackOf(reason)}`));
  ignoreUserSignals((text) => log.write('info', text));
  hardenSwitches(start.devServer);
  registerScheme();
  app.on('web-contents-created', (_event, contents) => hardenContents(contents, log));
  void app.whenReady().then(() => run({ ...start, options, data, log }));
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

/** The composition root: here alone everybody is known. */
function run(running: Running): void {
  const { data, log, devServer, options } = running;
  const disposer = new Disposer();
  disposer.add(() => log.flush());
  const files = new Files();
  const network = appNetwork();
  const sizes = new PictureSizes();
  let shown: MainWindow | null = null;
  const window = () => (shown && !shown.window.isDestroyed() ? shown.window : null);
  const tell = eventSender(() => (window() ? [window()!.webContents] : []));

  // A turn later, so that the window is under way before the engine asks for time.
  const opening = comeBack(data, log)
    .catch((error: unknown) => log.write('error', `coming back: ${stackOf(error)}`))
    .then(() => open(running, { network, tell }));
  const warming = warm(opening, log);
  const opened = (): Promise<Opened> => opening;
  const engine = async () => (await opening).engine;
  const first = firstAnswer(options.files.length > 0);
  disposer.add(async () => (await opening).close({ graceMs: drainMs }));

  const outside = createShell({
    window: () => shown,
    act: (act) => tell({ kind: 'menu-chosen', act }),
    open: (path) => void present({ files: [path], model: undefined }),
    dataFolder: data,
    startsWithFiles: options.files.length > 0,
  });
  const chooser = {
    ...createChooser({
      files,
      window,
      pastedFolder: join(data, 'pasted'),
      onOpened: (paths) => outside.opened(paths),
    }),
    ...createImportChooser(window),
  };
  const updates = async () => (await opening).updates();
  const present = async ({ files: paths, model }: Pick<AppArguments, 'files' | 'model'>): Promise<void> => {
    // Another process may have sent it: a link is judged again here.
    const linked = PackId.safeParse(model);
    if (linked.success) tell({ kind: 'model-opened', model: linked.data });
    if (paths.length === 0) return;
    const selection = await files.select(paths.map((path) => ({ path })));
    if (selection.many) first.give();
    outside.opened(paths);
    tell({ kind: 'files-opened', selection });
  };
  hardenSession(session.defaultSession, devServer, log);
  const hosts = new Map([
    ['app', pageHost(join(app.getAppPath(), 'out', 'renderer'))],
    ['photo', photoHost({ files, engine })],
    ['thumb', thumbnailHost({ files, engine: () => first.given.then(engine), sizes })],
  ]);
  serveScheme(session.defaultSession, hosts, log);
  const outpostUpdate = createOutpostUpdate({ opened, updates, network, data, log });
  const packMaking = createPackMaker({ ...runnerParts(running), opened, data });
  const api = createApiServer({
    opened,
    loadHttp: () => import('../http/index.ts'),
    appVersion: app.getVersion(),
    onChange: () => tell({ kind: 'access-changed' }),
    onAsked: () => askForAttention(window()),
    log: (level, text) => log.write(level, text),
  });
  disposer.add(() => api.close());
  const parts = {
    opened,
    updates,
    first,
    outpostUpdate,
    packMaking,
    api,
    files,
    sizes,
    fileActions: createFileActions({
      files,
      shell,
      copyText,
      startDrag: (item) => window()?.webContents.startDrag(item),
      icon: dragIcon,
    }),
    chooser,
    shell: outside,
    dataFolder: data,
    version: app.getVersion(),
  };
  disposer.add(serveCalls({ handlers: handlersOf(parts), devServer, log }));
  const main = openWindow({
    preload: join(app.getAppPath(), 'out', 'preload', 'index.cjs'),
    url: devServer ?? pageUrl,
    placeFile: join(data, 'window.json'),
    isPackaged: app.isPackaged,
    log,
  });
  shown = main;
  disposer.add(() => main.savePlace());
  app.on('second-instance', (...given) => {
    bringForward(main);
    void present(given[3] as Pick<AppArguments, 'files' | 'model'>);
  });
  app.on('open-url', (event, link) => {
    event.preventDefault();
    bringForward(main);
    void present({ files: [], model: linkedModel(link) });
  });
  void opening.then(
    ({ engine }) =>
      followRuns({ engine, window, word: outside.word, bringForward: () => bringForward(main) }),
    () => undefined,
  );
  app.on('window-all-closed', () => app.quit());
  closeBeforeQuit(disposer, main, log);
  main.onShown(() => {
    log.write(
      'info',
      `there is something to see ${Date.now() - (process.getCreationTime() ?? Number.NaN)} ms after the start`,
    );
    // Not before: what is sent to a page that has not begun reaches nobody.
    void present(options);
    void follow({ opening, warming, first, main, api, tell, data });
  });
}

type Ways = { readonly network: () => Promise<Network>; readonly tell: ReturnType<typeof eventSender> };

/** Where the built files lie, and how workers are started. */
function runnerParts({ environment, log }: Running): BuildRunnerParts {
  const built = join(app.getAppPath(), 'out', 'main');
  const worker = join(built, 'worker.js');
  return {
    entries: { worker, store: join(built, 'store.js') },
    startWorker: utilityStartWorker({ file: worker, environment, log }),
    appVersion: app.getVersion(),
    log: (level, text) => log.write(level, text),
  };
}

function open(running: Running, { network, tell }: Ways): Promise<Opened> {
  const { data, log, options } = running;
  const resources = app.isPackaged ? process.resourcesPath : app.getAppPath();
  const opening = openOutpost<Updates>({
    dataFolder: data,
    modelFolders: [join(resources, 'models'), ...options.models],
    ...runnerParts(running),
    startsEarly: true,
    limits: { maxQueued: maxQueue },
    openUpdates: (parts) =>
      openAppUpdates(parts, { data, log, network, onChange: () => tell({ kind: 'updates-changed' }) }),
  });
  opening.catch((error: unknown) => log.write('error', `the engine did not open: ${stackOf(error)}`));
  return opening;
}

/** The worker starts while the page does: together they are what a person waits for. */
async function warm(opening: Promise<Opened>, log: Log): Promise<void> {
  const opened = await opening.catch(() => null);
  const done = await opened?.engine.warm();
  if (done && !done.ok) log.write('warn', `the model did not get warm: ${done.fault.code}`);
}

type Following = {
  readonly opening: Promise<Opened>;
  readonly warming: Promise<void>;
  readonly first: FirstAnswer;
  readonly main: MainWindow;
  readonly api: ApiServer;
  readonly tell: ReturnType<typeof eventSender>;
  readonly data: string;
};

/** After the first paint: what the engine says reaches the page, the theme is the chosen one, and what can wait is done. */
async function follow({ opening, warming, first, main, api, tell, data }: Following): Promise<void> {
  const { engine, lifecycle } = await opening;
  const showTheme = async (): Promise<void> => main.showTheme((await engine.settings.get()).theme);
  engine.on((event) => {
    tell(event);
    if (event.kind === 'settings-changed') void showTheme();
  });
  await showTheme();
  void api.follow();
  // The worker that proves the model must not take the processor from the one that is to answer.
  await warming;
  await first.given;
  await lifecycle.resume();
  sweepBuilds(data);
}

/** A program asks for something while the person looks elsewhere: the task bar says so, nothing jumps to the front. */
function askForAttention(window: MainWindow['window'] | null): void {
  if (!window || window.isFocused()) return;
  window.flashFrame(true);
  window.once('focus', () => window.isDestroyed() || window.flashFrame(false));
  app.dock?.bounce('informational');
}

function bringForward({ window }: MainWindow): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Drain, close in reverse order, end. Asking twice changes nothing. */
function closeBeforeQuit(disposer: Disposer, { window }: MainWindow, log: Log): void {
  let isClosing = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (isClosing) return;
    isClosing = true;
    if (!window.isDestroyed()) window.hide();
    const finish = (): void => app.exit(0);
    disposer.close().then(finish, (error: unknown) => {
      log.write('error', `closing: ${stackOf(error)}`);
      void log.flush().then(finish);
    });
  });
}
