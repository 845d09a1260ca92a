import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { WindowLook } from '../../contract/calls/menu.ts';
import type { Settings } from '../../contract/settings.ts';
import { pagePreferences } from './hardening.ts';
import type { Log } from './log.ts';
import {
  boundsOnScreen,
  readWindowState,
  smallest,
  writeWindowState,
  type WindowState,
} from './window-state.ts';

type WindowParts = {
  readonly preload: string;
  readonly url: string;
  readonly placeFile: string;
  readonly isPackaged: boolean;
  readonly log: Log;
};
export type MainWindow = {
  readonly window: BrowserWindow;
  /** Fires once, when there is something to see. */
  onShown(listener: () => void): void;
  /** Theme and language, for the window and for its next start. */
  showSettings(settings: Pick<Settings, 'theme' | 'language'>): void;
  savePlace(): Promise<void>;
  look(): WindowLook;
  keepLook(look: WindowLook): void;
  recent(): readonly string[];
  /** Null forgets them all. */
  keepRecent(path: string | null): void;
};

const grounds = { light: '#F6F7F5', dark: '#0E1311', contrast: '#000000' } as const;
const maxReloads = 3;

/** The one window, where it was when it was closed. It is shown with its first paint, never white. */
export function openWindow(parts: WindowParts): MainWindow {
  const { placeFile, log } = parts;
  let place = readWindowState(placeFile);
  nativeTheme.themeSource = sourceOf(place.theme);
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...(boundsOnScreen(place.bounds, screens) ?? { width: 1280, height: 800 }),
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Outpost',
    backgroundColor: groundOf(place.theme),
    autoHideMenuBar: true,
    webPreferences: { ...pagePreferences, preload: parts.preload, devTools: !parts.isPackaged },
  });
  if (process.platform !== 'darwin') window.setMenuBarVisibility(false);

  const savePlace = async (): Promise<void> => {
    if (!window.isDestroyed())
      place = { ...place, bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    await writeWindowState(placeFile, place).catch(() => undefined);
  };
  const saveSoon = afterQuiet(500, savePlace);
  const keep = (change: Partial<WindowState>): void => {
    place = { ...place, ...change };
    saveSoon();
  };
  window.on('resize', saveSoon);
  window.on('move', saveSoon);
  window.on('close', () => void savePlace());

  window.once('ready-to-show', () => {
    if (place.maximized) window.maximize();
    window.show();
  });
  reloadAfterCrash(window, log);
  void window
    .loadURL(parts.url)
    .catch((error: unknown) => log.write('error', `the page did not load: ${String(error)}`));

  return {
    window,
    onShown: (listener) => void window.once('ready-to-show', () => setTimeout(listener, 0)),
    showSettings: ({ theme, language }) => {
      nativeTheme.themeSource = sourceOf(theme);
      if (theme === place.theme && language === place.language) return;
      place = { ...place, theme, language };
      if (!window.isDestroyed()) window.setBackgroundColor(groundOf(theme));
      saveSoon();
    },
    savePlace,
    look: () => place.look,
    keepLook: (look) => keep({ look }),
    recent: () => place.recent,
    keepRecent: (path) => keep({ recent: path === null ? [] : withNewest(place.recent, path) }),
  };
}

/** The same file again moves up. */
const withNewest = (paths: readonly string[], newest: string): string[] =>
  [newest, ...paths.filter((path) => path !== newest)].slice(0, 10);

const sourceOf = (theme: Settings['theme']): 'system' | 'light' | 'dark' =>
  theme === 'contrast' ? 'dark' : theme;

function groundOf(theme: Settings['theme']): string {
  if (theme === 'system') return nativeTheme.shouldUseDarkColors ? grounds.dark : grounds.light;
  return grounds[theme];
}

/** A page that crashed comes back by itself; one that crashes again and again stays as it is. */
function reloadAfterCrash(window: BrowserWindow, log: Log): void {
  let reloads = 0;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log.write('error', `the page's process ended: ${reason}, code ${exitCode}`);
    if (reason === 'clean-exit' || reloads >= maxReloads || window.isDestroyed()) return;
    reloads += 1;
    window.webContents.reload();
  });
}

function afterQuiet(quietMs: number, act: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => void act(), quietMs);
  };
}
