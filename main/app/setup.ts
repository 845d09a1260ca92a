import { join } from 'node:path';
import { app, session, shell as systemShell } from 'electron';
import type { Disposer } from '../lib/disposer.ts';
import type { AppArguments } from './arguments.ts';
import { createHandlers } from './calls/index.ts';
import { createCards, type Cards } from './cards.ts';
import { createChooser } from './chooser.ts';
import { copyText } from './clipboard.ts';
import { dragIcon } from './drag-icon.ts';
import { openEngineLink, runnerParts, type EngineLink } from './engine-link.ts';
import { createFileActions } from './file-actions.ts';
import { Files } from './files.ts';
import { expectFirstResult, type FirstResult } from './first-result.ts';
import { hardenSession } from './hardening.ts';
import { createImportChooser } from './import-chooser.ts';
import { serveCalls } from './ipc.ts';
import type { Log } from './log.ts';
import { appNetwork, type Network } from './network.ts';
import { createOpener, type OpenRequest } from './open-requests.ts';
import { pageUrl } from './our-page.ts';
import { createOutpostUpdate } from './outpost-update.ts';
import { createPackMaker } from './pack-maker.ts';
import { pageHost } from './page.ts';
import { photoHost, thumbnailHost } from './pictures.ts';
import { serveScheme } from './scheme.ts';
import { createApiServer, type ApiServer } from './server.ts';
import { createShell, type Shell } from './shell.ts';
import type { ShownWindow } from './shown-window.ts';
import { openWindow, type MainWindow } from './window.ts';
import { windowFile } from './window-state.ts';

/** What each step of the start is given: how the program was started, and where it puts what is to be closed. */
export type Start = {
  readonly environment: NodeJS.ProcessEnv;
  /** Address of the development server, whose page is shown instead of the built one. */
  readonly devServer: string | undefined;
  readonly options: AppArguments;
  readonly data: string;
  readonly log: Log;
  readonly disposer: Disposer;
  /** The window opens last; until then everybody asks this for it. */
  readonly shown: ShownWindow;
};
type EngineSide = { readonly link: EngineLink; readonly network: () => Promise<Network> };
type FileSide = {
  readonly files: Files;
  readonly firstResult: FirstResult;
  readonly shell: Shell;
  readonly open: (request: OpenRequest) => Promise<void>;
};

const drainMs = 4000;

/** Begins to open store, packs and workers, which takes longer than the window. */
export function setupEngine({ environment, options, data, log, disposer, shown }: Start): EngineSide {
  const network = appNetwork();
  const link = openEngineLink({
    data,
    models: options.models,
    runner: runnerParts(environment, log),
    network,
    onUpdatesChanged: () => shown.sendEvent({ kind: 'updates-changed' }),
    log,
  });
  disposer.add(async () => (await link.opened()).close({ graceMs: drainMs }));
  return { link, network };
}

/** The files that a person hands over, and what the system shows of them outside the page. */
export function setupFiles({ options, data, shown }: Start): FileSide {
  const files = new Files();
  const startsWithFiles = options.files.length > 0;
  const firstResult = expectFirstResult(startsWithFiles);
  const open = createOpener({ files, shell: () => shell, firstResult, shown });
  const shell = createShell({
    window: shown.main,
    act: (act) => shown.sendEvent({ kind: 'menu-chosen', act }),
    open: (path) => void open({ files: [path], model: undefined }),
    dataFolder: data,
    startsWithFiles,
  });
  return { files, firstResult, shell, open };
}

/** What the page may load: itself, and the pictures of files that a person handed over. */
export function setupScheme({ devServer, log }: Start, { link }: EngineSide, side: FileSide): void {
  const { files, firstResult } = side;
  hardenSession(session.defaultSession, devServer, log);
  const hosts = new Map([
    ['app', pageHost(join(app.getAppPath(), 'out', 'renderer'))],
    ['photo', photoHost({ files, engine: link.engine })],
    ['thumb', thumbnailHost({ files, engine: () => firstResult.done.then(link.engine) })],
  ]);
  serveScheme(session.defaultSession, hosts, log);
}

/** The server behind the switch of the API page; it starts with `follow`. */
export function setupApi({ shown, log, disposer }: Start, { link }: EngineSide): ApiServer {
  const api = createApiServer({
    opened: link.opened,
    loadHttp: () => import('../http/index.ts'),
    appVersion: app.getVersion(),
    onChange: () => shown.sendEvent({ kind: 'access-changed' }),
    onAsked: () => void (shown.flashUntilFocused() && app.dock?.bounce('informational')),
    log: (level, text) => log.write(level, text),
  });
  disposer.add(() => api.close());
  return api;
}

/** Camera cards and their copies; they are looked for from `begin` on. */
export function setupCards({ shown, disposer }: Start, { link }: EngineSide): Cards {
  const cards = createCards({
    opened: link.opened,
    appVersion: app.getVersion(),
    onChange: () => shown.sendEvent({ kind: 'cards-changed' }),
  });
  disposer.add(() => cards.close());
  return cards;
}

/** What the window is composed of. */
export type Sides = {
  readonly engineSide: EngineSide;
  readonly fileSide: FileSide;
  readonly api: ApiServer;
  readonly cards: Cards;
};

/** What is done when the page asks. */
export function setupCalls(start: Start, { engineSide, fileSide, api, cards }: Sides): void {
  const { environment, devServer, data, log, disposer, shown } = start;
  const { link, network } = engineSide;
  const { files, shell } = fileSide;
  const handlers = createHandlers({
    ...fileSide,
    opened: link.opened,
    updates: link.updates,
    outpostUpdate: createOutpostUpdate({ ...link, network, data, log }),
    packMaking: createPackMaker({ ...runnerParts(environment, log), opened: link.opened, data }),
    api,
    cards,
    fileActions: createFileActions({
      files,
      shell: systemShell,
      copyText,
      startDrag: (item) => shown.browserWindow()?.webContents.startDrag(item),
      icon: dragIcon,
    }),
    chooser: {
      ...createChooser({
        files,
        window: shown.browserWindow,
        pastedFolder: join(data, 'pasted'),
        onOpened: (paths) => shell.opened(paths),
      }),
      ...createImportChooser(shown.browserWindow),
    },
    dataFolder: data,
    version: app.getVersion(),
  });
  disposer.add(serveCalls({ handlers, devServer, log }));
}

export function setupWindow({ devServer, data, log, disposer, shown }: Start): MainWindow {
  const main = openWindow({
    preload: join(app.getAppPath(), 'out', 'preload', 'index.cjs'),
    url: devServer ?? pageUrl,
    placeFile: windowFile(data),
    isPackaged: app.isPackaged,
    log,
  });
  shown.set(main);
  disposer.add(() => main.savePlace());
  return main;
}
