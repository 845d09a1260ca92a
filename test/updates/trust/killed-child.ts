import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/*
 * Checks a feed in a process of its own that is killed before its nth step on the disk. The file system is the real
 * one: each call that changes something is only counted on its way, also those of tuf-js.
 */
const [feed = '', trustFolder = '', packs = '', firstRoot = '', now = '', step = '0'] = process.argv.slice(2);
let left = Number(step);

const count = (): void => {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};
const real = { ...fs.promises };
Object.assign(fs.promises, {
  rename: (...args: Parameters<typeof real.rename>) => (count(), real.rename(...args)),
  rm: (...args: Parameters<typeof real.rm>) => (count(), real.rm(...args)),
  mkdir: (...args: Parameters<typeof real.mkdir>) => (count(), real.mkdir(...args)),
  mkdtemp: (prefix: string) => (count(), real.mkdtemp(prefix)),
  writeFile: (...args: Parameters<typeof real.writeFile>) => (count(), real.writeFile(...args)),
  open: (...args: Parameters<typeof real.open>) => {
    if (args[1] === 'w') count();
    return real.open(...args);
  },
});
const writeFileSync = fs.writeFileSync;
fs.writeFileSync = (...args: Parameters<typeof writeFileSync>) => (count(), writeFileSync(...args));
syncBuiltinESMExports();

const { openPackStore } = await import('../../../main/packs/index.ts');
const { nodeHttpExecutor, openUpdates } = await import('../../../main/updates/index.ts');
const { defaultSettings } = await import('../../../contract/settings.ts');
const packStore = openPackStore({ folder: packs, appVersion: '0.4.0' });
const updates = await openUpdates({
  trustFolder,
  firstRoots: [await real.readFile(firstRoot, 'utf8')],
  ratchets: { read: () => packStore.ratchets(), raise: (values) => packStore.raiseRatchets(values) },
  settings: async () => ({ ...defaultSettings, feed }),
  now: () => new Date(now),
  log: () => undefined,
  httpExecutor: nodeHttpExecutor(),
  isUnmetered: () => true,
});
const outcome = await updates.check(
  {
    source: { kind: 'folder', path: feed },
    here: { appVersion: '0.4.0', deviceId: 'd', installed: [], denied: [] },
  },
  { signal: new AbortController().signal },
);
if (!outcome.ok) throw new Error(outcome.fault.message);
