import { app, shell } from 'electron';
import type { MenuAct, ShellWord, ShellTexts, WindowLook } from '../../contract/calls/menu.ts';
import { setMenu } from './menu.ts';
import { standardLook } from './window-state.ts';
import type { MainWindow } from './window.ts';

/** What of the program is seen outside the page: menu bar, opened files, and the texts for both. */
export type Shell = {
  setTexts(texts: ShellTexts): void;
  /** A text in the language of the page; its name until the page has set the texts. */
  word(name: ShellWord): string;
  look(): WindowLook;
  keepLook(look: WindowLook): void;
  /** A person opened these. Only a single path becomes a recent entry: several photos picked one by one cannot be reopened as one. */
  opened(paths: readonly string[]): void;
};
type ShellParts = {
  readonly window: () => MainWindow | null;
  readonly act: (act: MenuAct) => void;
  readonly open: (path: string) => void;
  readonly dataFolder: string;
  /** A window that was opened with files shows their answers, wherever it was before. */
  readonly startsWithFiles: boolean;
};

export function createShell({ window, act, open, dataFolder, startsWithFiles }: ShellParts): Shell {
  let texts: Partial<ShellTexts> = {};
  const draw = (): void =>
    setMenu({
      texts,
      recent: window()?.recent() ?? [],
      act,
      openRecent: open,
      clearRecent: () => keep(null),
      openDataFolder: () => void shell.openPath(dataFolder),
      isPackaged: app.isPackaged,
    });
  const keep = (path: string | null): void => {
    window()?.keepRecent(path);
    draw();
  };
  draw();
  return {
    setTexts: (given) => {
      texts = given;
      draw();
    },
    word: (name) => texts[name] ?? name,
    look: () => {
      const look = window()?.look() ?? standardLook;
      return startsWithFiles ? { ...look, view: 'try' } : look;
    },
    keepLook: (look) => window()?.keepLook(look),
    opened: (paths) => {
      const [only] = paths;
      if (only !== undefined && paths.length === 1) keep(only);
    },
  };
}
