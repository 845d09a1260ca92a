import { shell } from 'electron';
import { failed, ok } from '../../../contract/faults/faults.ts';
import { detail } from '../../../contract/faults/reasons.ts';
import { appInfo } from '../app-info.ts';
import { copyText } from '../clipboard.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

/** The program itself: what it is, its data folder, the menu's words, the look that comes back, the clipboard. */
export function appCalls({ dataFolder, version, shell: outside }: CallParts) {
  return {
    'app.info': async () => ok(appInfo(version, dataFolder)),
    'app.openDataFolder': async () => {
      const problem = await shell.openPath(dataFolder);
      return problem === ''
        ? ok(undefined)
        : failed('file-unreadable', { file: dataFolder, reason: detail(problem) });
    },
    'app.words': (texts) => Promise.resolve(ok(outside.setTexts(texts))),
    'app.look': () => Promise.resolve(ok(outside.look())),
    'app.keepLook': (look) => Promise.resolve(ok(outside.keepLook(look))),
    'app.copyText': async ({ text }) => ok(await copyText(text)),
  } satisfies Partial<Handlers>;
}
