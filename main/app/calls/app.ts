import { shell } from 'electron';
import { failed, ok } from '../../../contract/faults.ts';
import { detail } from '../../../contract/reasons.ts';
import { appInfo } from '../app-info.ts';
import { copyText } from '../clipboard.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

export function appCalls({ opened, dataFolder, version, shell: outside }: CallParts) {
  return {
    'app.info': async () => ok(appInfo(version, dataFolder)),
    'app.status': async () => ok((await opened()).engine.status()),
    'app.store': async () => ok((await opened()).store.state()),
    'app.openDataFolder': async () => {
      const said = await shell.openPath(dataFolder);
      return said === ''
        ? ok(undefined)
        : failed('file-unreadable', { file: dataFolder, reason: detail(said) });
    },
    'app.words': (words) => Promise.resolve(ok(outside.say(words))),
    'app.look': () => Promise.resolve(ok(outside.look())),
    'app.keepLook': (look) => Promise.resolve(ok(outside.keepLook(look))),
    'app.copyText': async ({ text }) => ok(await copyText(text)),
  } satisfies Partial<Handlers>;
}
