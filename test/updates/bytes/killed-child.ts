import fs from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { MoveRequest, MoveTarget } from '../../../main/updates/bytes/index.ts';

/*
 * Fetches a pack in a process of its own that is killed before its nth step on the disk. The file system is the real one:
 * each call that changes something is only counted on its way, also those of electron-updater; of the many writes of the
 * pack itself every 80th counts.
 */
type Given = {
  readonly at: string;
  readonly target: MoveTarget;
  readonly blockmap: MoveTarget;
  readonly request: object;
};
const given = JSON.parse(process.argv[2] ?? '{}') as Given;
let left = Number(process.argv[3]);
let writes = 0;

const count = (): void => {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};
const real = { ...fs.promises };
Object.assign(fs.promises, {
  rename: (...args: Parameters<typeof real.rename>) => (count(), real.rename(...args)),
  link: (...args: Parameters<typeof real.link>) => (count(), real.link(...args)),
  rm: (...args: Parameters<typeof real.rm>) => (count(), real.rm(...args)),
  mkdir: (...args: Parameters<typeof real.mkdir>) => (count(), real.mkdir(...args)),
  open: async (...args: Parameters<typeof real.open>) => {
    const handle = await real.open(...args);
    if (args[1] !== 'r') counted(handle);
    return handle;
  },
});
for (const name of ['rename', 'unlink', 'mkdir', 'writeFile'] as const) {
  const before = fs[name] as (...args: unknown[]) => void;
  Object.assign(fs, { [name]: (...args: unknown[]) => (count(), before(...args)) });
}
syncBuiltinESMExports();

function counted(handle: FileHandle): void {
  count();
  const { write, sync } = handle;
  Object.assign(handle, {
    write: (...args: Parameters<typeof write>) => {
      writes += 1;
      if (writes % 80 === 0) count();
      return write.apply(handle, args);
    },
    sync: () => (count(), sync.call(handle)),
  });
}

const { createMover, nodeHttpExecutor } = await import('../../../main/updates/bytes/index.ts');
const { defaultSettings } = await import('../../../contract/settings.ts');
const placed = (target: MoveTarget): MoveTarget => ({
  ...target,
  place: { kind: 'url', url: new URL(target.name, given.at) },
});
const outcome = await createMover({
  httpExecutor: nodeHttpExecutor(),
  settings: async () => defaultSettings,
  isUnmetered: () => true,
  log: () => undefined,
  now: () => new Date(),
}).fetch({
  ...(given.request as MoveRequest),
  target: placed(given.target),
  blockmap: placed(given.blockmap),
  onProgress: () => undefined,
  signal: new AbortController().signal,
});
if (!outcome.ok) throw new Error(outcome.fault.message);
