import { Notification } from 'electron';
import type { CardCopy } from '../../contract/runs/camera-card.ts';
import type { ShellWord } from '../../contract/calls/menu.ts';
import { doneKind, isRunLive } from '../../contract/runs/run.ts';
import type { RunState } from '../../contract/runs/run.ts';
import type { Engine } from '../engine/index.ts';
import type { Cards } from './cards.ts';
import { createKeepAwake } from './keep-awake.ts';
import type { ShownWindow } from './shown-window.ts';
import { copyUnderWay, runUnderWay, shareOf } from './under-way.ts';
import type { UnderWay } from './under-way.ts';

type RunSignals = {
  readonly engine: Pick<Engine, 'on' | 'runs' | 'settings'>;
  readonly cards: Pick<Cards, 'live' | 'onCopy'>;
  readonly shown: Pick<ShownWindow, 'browserWindow' | 'bringForward' | 'flashUntilFocused'>;
  readonly word: (name: ShellWord) => string;
  /** Something began, went on or ended. */
  readonly onChange: (work: readonly UnderWay[]) => void;
};

/**
 * Runs and copies of cards in the task bar: how far they are, and their end where nobody is looking at the window. The computer
 * stays awake for them.
 */
export function followRuns({ engine, cards, shown, word, onChange }: RunSignals): void {
  const live = new Map<string, RunState>();
  const keepAwake = createKeepAwake();
  const underWay = (): readonly UnderWay[] => [
    ...[...live.values()].map(runUnderWay),
    ...cards.live().map(copyUnderWay),
  ];
  const wake = async (): Promise<void> =>
    keepAwake(underWay().length > 0 && (await engine.settings.get()).keepAwake);
  const show = (): void => {
    const work = underWay();
    // Above 1 it moves without an end; below 0 it goes away.
    shown.browserWindow()?.setProgressBar(work.length === 0 ? -1 : (shareOf(work) ?? 2));
    onChange(work);
    void wake();
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
    if (isRunLive(run) && run.owner !== 'elsewhere') live.set(run.id, run);
    else live.delete(run.id);
    const end = endWord(run);
    if (wasLive && end) notify(`${word(end)}: ${run.title}`, textOf(run));
    show();
  };
  let shownAt = 0;
  cards.onCopy((copy) => {
    const news = copyWord(copy);
    if (news) notify(`${word(news)}: ${copyUnderWay(copy).title}`, '');
    // Each megabyte is a step.
    if (copy.kind === 'copying' && performance.now() - shownAt < 250) return;
    shownAt = performance.now();
    show();
  });
  const textOf = ({ counts }: RunState): string =>
    [
      `${word('answered')}: ${counts.answered.toLocaleString(word('locale'))}`,
      ...(counts.faults > 0 ? [`${word('notRead')}: ${counts.faults.toLocaleString(word('locale'))}`] : []),
    ].join('\n');
  const notify = (title: string, body: string): void => {
    if (!shown.flashUntilFocused() || !Notification.isSupported()) return;
    const notification = new Notification({ title, body, silent: true });
    notification.on('click', shown.bringForward);
    notification.show();
  };
}

const doneTexts = { done: 'runDone', unread: 'runUnread', empty: 'runEmpty' } as const;

/** What a person who looks elsewhere should know; what they did themselves they know. */
function endWord(run: RunState): ShellWord | null {
  if (run.kind === 'done') return doneTexts[doneKind(run)];
  if (run.kind === 'failed') return 'runFailed';
  return run.kind === 'paused' && run.by !== 'person' ? 'runPaused' : null;
}

function copyWord(copy: CardCopy): ShellWord | null {
  if (copy.kind === 'away') return 'cardAway';
  if (copy.kind === 'failed') return 'cardFailed';
  if (copy.kind !== 'copied' || copy.run !== null) return null;
  return copy.receipt.mayBeFormatted ? 'cardCopied' : 'cardKept';
}

/** Goes on with what was interrupted; one that cannot be says so where it is shown. */
export async function resumeRuns({ runs }: Pick<Engine, 'runs'>): Promise<void> {
  const interrupted = (await runs.list()).filter(({ kind }) => kind === 'interrupted');
  for (const { id } of interrupted.reverse()) await runs.resume(id);
}
