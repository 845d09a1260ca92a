import { shellWordNames, type ShellTexts } from '../../contract/calls/menu.ts';
import { ask } from '../bridge.ts';

/** Sends main the texts of its menus and notifications: it has no translations of its own. */
export function sendShellTexts(t: (key: string) => string, language: string): void {
  const texts = Object.fromEntries(
    shellWordNames.map((name) => [name, name === 'locale' ? language : t(`menu.${name}`)]),
  );
  void ask('app.words', texts as ShellTexts);
}
