import { dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import type { ShellWord } from '../../contract/calls/menu.ts';
import { isRunLive } from '../../contract/runs/run.ts';
import type { RunState } from '../../contract/runs/run.ts';
import { linesOf, runUnderWay } from './under-way.ts';
import type { UnderWay } from './under-way.ts';

export type QuitQuestion = {
  readonly window: () => BrowserWindow | null;
  readonly word: (name: ShellWord) => string;
  readonly runs: () => Promise<readonly RunState[]>;
  /** Copies of cards. */
  readonly copies: () => readonly UnderWay[];
};
/** `hide`: the window goes, and what is under way goes on without it. */
type QuitChoice = 'quit' | 'stay' | 'hide';
/** In the order of the buttons. */
const answers: readonly QuitChoice[] = ['quit', 'stay', 'hide'];

/** Timeout: a hung engine must not keep the app from closing. */
const patienceMs = 1_500;

/** Says what becomes of what this window works on when it closes, and asks; `quit` where nothing is under way. */
export async function askBeforeQuit({ window, word, runs, copies }: QuitQuestion): Promise<QuitChoice> {
  const none = new Promise<readonly RunState[]>((resolve) => {
    setTimeout(() => resolve([]), patienceMs).unref();
  });
  const live = await Promise.race([runs().catch(() => []), none]);
  const mine = live.filter((run) => run.owner === 'here' && isRunLive(run)).map(runUnderWay);
  const work = [...mine, ...copies()];
  const parent = window();
  if (work.length === 0 || !parent) return 'quit';
  const { response } = await dialog.showMessageBox(parent, {
    type: 'question',
    message: word('quitTitle'),
    detail: `${linesOf(work, word('locale')).join('\n')}\n\n${word('quitText')}\n\n${word('hideText')}`,
    buttons: [word('quitNow'), word('quitStay'), word('quitHide')],
    defaultId: 2,
    cancelId: 1,
    noLink: true,
  });
  return answers[response] ?? 'stay';
}
