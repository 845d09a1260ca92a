import { app, powerMonitor } from 'electron';
import { stackOf } from '../lib/error-text.ts';
import { askBeforeQuit } from './ask-before-quit.ts';
import type { QuitQuestion } from './ask-before-quit.ts';
import type { Start } from './setup.ts';
import { createTray } from './tray.ts';
import type { UnderWay } from './under-way.ts';

/** Who was told of the end and did not come will see it at the next start: nothing is left to do until then. */
const idleMs = 10 * 60_000;

type QuitParts = QuitQuestion & {
  /** Other programs are answered: without a window, too. */
  readonly isServing: () => boolean;
};
/** What the window's end has to know of the work. */
export type BeforeQuit = { readonly noteWork: (work: readonly UnderWay[]) => void };

/*
 * Asks where runs or copies would be interrupted, then drains, closes in reverse order, and ends. A system that shuts down, or
 * whoever sends a signal, is not kept waiting: what was answered is stored anyhow.
 *
 *   open ──close, quit──> asking ──stay──> open
 *     ^                     ├──nothing under way, quit──> closing
 *     └──opened again──┐    └──hide──> hidden: an icon beside the clock
 *                      └────────────────┤
 *                                       └──all is over, and nobody comes for ten minutes──> closing
 */
export function closeBeforeQuit({ disposer, shown, log }: Start, parts: QuitParts): BeforeQuit {
  let step: 'open' | 'asking' | 'hidden' | 'closing' = 'open';
  let isForced = false;
  let work: readonly UnderWay[] = [];
  let idle: NodeJS.Timeout | null = null;
  const tray = createTray({
    word: parts.word,
    open: shown.bringForward,
    quit: () => quitAtOnce(),
    log: (text) => log.write('info', text),
  });
  const close = (): void => {
    step = 'closing';
    stopIdle();
    tray.hide();
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
  const hide = (): void => {
    step = 'hidden';
    shown.browserWindow()?.hide();
    showHidden();
  };
  const showHidden = (): void => {
    if (step !== 'hidden') return;
    tray.show(work);
    if (work.length > 0) stopIdle();
    else idle ??= setTimeout(() => void endIdle(), idleMs);
  };
  /** A run that waits for power, its drive or room goes on by itself, and is not ended for it. */
  const endIdle = async (): Promise<void> => {
    idle = null;
    const runs = await parts.runs().catch(() => []);
    if (step !== 'hidden' || work.length > 0) return;
    if (parts.isServing() || runs.some(({ owner }) => owner === 'here')) showHidden();
    else quitAtOnce();
  };
  const stopIdle = (): void => {
    if (idle) clearTimeout(idle);
    idle = null;
  };
  const open = (): void => {
    if (step !== 'hidden') return;
    step = 'open';
    stopIdle();
    tray.hide();
  };
  powerMonitor.on('shutdown', quitAtOnce);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, quitAtOnce);
  app.on('window-all-closed', () => app.quit());
  app.on('activate', shown.bringForward);
  const window = shown.browserWindow();
  // The window stays until it is known whether the program does.
  window?.on('close', (event) => {
    event.preventDefault();
    app.quit();
  });
  window?.on('show', open);
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (step === 'closing') return;
    if (isForced || step === 'hidden') return close();
    if (step === 'asking') return;
    step = 'asking';
    void askBeforeQuit(parts).then((answer) => {
      if (step !== 'asking') return;
      step = 'open';
      if (answer === 'quit') close();
      else if (answer === 'hide') hide();
    });
  });
  return {
    noteWork: (now) => {
      work = now;
      showHidden();
    },
  };
}
