import { Notification } from 'electron';
import type { ShellWord } from '../../contract/menu.ts';
import { isRunLive } from '../../contract/run.ts';
import type { RunState } from '../../contract/run.ts';
import type { Engine } from '../engine/index.ts';
import { createKeepAwake } from './keep-awake.ts';
import type { ShownWindow } from './shown-window.ts';

export type RunSignals = {
  readonly engine: Pick<Engine, 'on' | 'runs' | 'settings'>;
  readonly shown: Pick<ShownWindow, 'browserWindow' | 'bringForward' | 'flashUntilFocused'>;
  readonly word: (name: ShellWord) => string;
};

/** A run in the task bar: how far it is, and its end where nobody is looking at the window. The computer stays awake for it. */
export function followRuns({ engine, shown, word }: RunSignals): void {
  const live = new Map<string, RunState>();
  const keepAwake = createKeepAwake();
  const wake = async (): Promise<void> => keepAwake(live.size > 0 && (await engine.settings.get()).keepAwake);
  const show = (): void => {
    const runs = [...live.values()];
    const found = runs.reduce((sum, { counts }) => sum + counts.found, 0);
    const done = runs.reduce((sum, { counts }) => sum + counts.answered + counts.faults, 0);
    // Above 1 it moves without an end; below 0 it goes away.
    shown
      .browserWindow()
      ?.setProgressBar(runs.length === 0 ? -1 : runs.every(isCounted) ? done / Math.max(1, found) : 2);
  };
  engine.on((event) => {
    if (event.kind === 'settings-changed') void wake();
    if (event.kind !== 'run-changed') return;
    void engine.runs.get(event.run).then((asked) => {
      if (asked.ok) follow(asked.value);
    });
  });
  const follow = (run: RunState): void => {
    const wasLive = live.has(run.id);
    if (isRunLive(run)) live.set(run.id, run);
    else live.delete(run.id);
    show();
    void wake();
    const end = endWord(run);
    if (wasLive && end) notify(run, end);
  };
  const notify = ({ title, counts }: RunState, end: ShellWord): void => {
    if (!shown.flashUntilFocused() || !Notification.isSupported()) return;
    const body = [
      `${word('answered')}: ${counts.answered.toLocaleString(word('locale'))}`,
      ...(counts.faults > 0 ? [`${word('notRead')}: ${counts.faults.toLocaleString(word('locale'))}`] : []),
    ].join('\n');
    const notification = new Notification({ title: `${word(end)}: ${title}`, body, silent: true });
    notification.on('click', shown.bringForward);
    notification.show();
  };
}

/** What a person who looks elsewhere should know; what they did themselves they know. */
function endWord(run: RunState): ShellWord | null {
  if (run.kind === 'done') return 'runDone';
  if (run.kind === 'failed') return 'runFailed';
  return run.kind === 'paused' && run.by !== 'person' ? 'runPaused' : null;
}

const isCounted = ({ counts }: RunState): boolean => counts.scanned;

/** Goes on with what was interrupted; one that cannot be says so where it is shown. */
export async function resumeRuns({ runs }: Pick<Engine, 'runs'>): Promise<void> {
  const interrupted = (await runs.list()).filter(({ kind }) => kind === 'interrupted');
  for (const { id } of interrupted.reverse()) await runs.resume(id);
}
