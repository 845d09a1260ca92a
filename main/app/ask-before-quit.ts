import { dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import type { ShellWord } from '../../contract/menu.ts';
import { isRunLive } from '../../contract/run.ts';
import type { RunState } from '../../contract/run.ts';

export type QuitQuestion = {
  readonly window: () => BrowserWindow | null;
  readonly word: (name: ShellWord) => string;
  readonly runs: () => Promise<readonly RunState[]>;
};

/** A program whose engine does not answer can be closed all the same. */
const patienceMs = 1_500;

/** Says what becomes of the runs of this window when it closes, and asks whether it shall; true where none is under way. */
export async function mayQuit({ window, word, runs }: QuitQuestion): Promise<boolean> {
  const none = new Promise<readonly RunState[]>((resolve) => {
    setTimeout(() => resolve([]), patienceMs).unref();
  });
  const live = await Promise.race([runs().catch(() => []), none]);
  const mine = live.filter((run) => run.owner === 'here' && isRunLive(run));
  const parent = window();
  if (mine.length === 0 || !parent) return true;
  const count = (value: number): string => value.toLocaleString(word('locale'));
  const list = mine.map(
    ({ title, counts }) => `${title}: ${count(counts.answered + counts.faults)} / ${count(counts.found)}`,
  );
  const { response } = await dialog.showMessageBox(parent, {
    type: 'question',
    message: word('quitTitle'),
    detail: `${list.join('\n')}\n\n${word('quitText')}`,
    buttons: [word('quitNow'), word('quitStay')],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  });
  return response === 0;
}
