import type { BrowserWindow, WebContents } from 'electron';
import type { OutpostEvent } from '../../contract/calls/events.ts';
import { eventSender } from './ipc.ts';
import type { MainWindow } from './window.ts';

/** The one window, for those that are made before it is open: they ask for it when they need it. */
export type ShownWindow = {
  /** Null before it is open and after it is closed. */
  main(): MainWindow | null;
  browserWindow(): BrowserWindow | null;
  /** Reaches the page, if there is one. */
  sendEvent(event: OutpostEvent): void;
  bringForward(): void;
  /** Where the person looks elsewhere: the task bar says that something waits, and nothing jumps to the front. True if so. */
  flashUntilFocused(): boolean;
  set(opened: MainWindow): void;
};

export function createShownWindow(): ShownWindow {
  let opened: MainWindow | null = null;
  const main = (): MainWindow | null => (opened?.window.isDestroyed() === false ? opened : null);
  const browserWindow = (): BrowserWindow | null => main()?.window ?? null;
  const pages = (): readonly WebContents[] => {
    const window = browserWindow();
    return window ? [window.webContents] : [];
  };
  return {
    main,
    browserWindow,
    sendEvent: eventSender(pages),
    bringForward: () => {
      const window = browserWindow();
      if (window?.isMinimized()) window.restore();
      window?.show();
      window?.focus();
    },
    flashUntilFocused: () => {
      const window = browserWindow();
      if (!window || window.isFocused()) return false;
      window.flashFrame(true);
      window.once('focus', () => window.isDestroyed() || window.flashFrame(false));
      return true;
    },
    set: (window) => void (opened = window),
  };
}
