import { readFile } from 'node:fs/promises';
import { dieAtStep } from '../../fixtures/counted-steps.ts';

/* Checks a feed in a process of its own that is killed before its nth step on the disk, those of tuf-js too. */
const [feed = '', trustFolder = '', packs = '', firstRoot = '', now = '', step = '0'] = process.argv.slice(2);
dieAtStep(Number(step));

const { openPackStore } = await import('../../../main/packs/index.ts');
const { nodeHttpExecutor, openUpdates } = await import('../../../main/updates/index.ts');
const { defaultSettings } = await import('../../../contract/settings.ts');
const packStore = openPackStore({ folder: packs, appVersion: '0.4.0' });
const updates = await openUpdates({
  trustFolder,
  firstRoots: [await readFile(firstRoot, 'utf8')],
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
