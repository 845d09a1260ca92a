import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { onAbort } from '../../lib/abort.ts';
import { fsPath, nameOf } from '../../lib/file-names.ts';
import { parseMounts } from '../../lib/mounts.ts';

/** Reads files and folders with a timeout for drives whose server does not answer. */
export type FileAccess = {
  /**
   * What `work` gives for this path; rejects with `ETIMEDOUT` when the drive does not answer in time. Work of many steps
   * calls `goesOn` after each, and the time is that of one step.
   */
  at<T>(path: string, work: (goesOn: () => void) => Promise<T>): Promise<T>;
};
type FileAccessOptions = {
  readonly timeoutMs?: number;
  /** Mount points served by something other than this kernel: network and FUSE. */
  readonly farMounts?: () => Promise<readonly string[]>;
  /** Resolves when the place answers, be it with an error. */
  readonly probe?: (path: string, signal: AbortSignal) => Promise<void>;
};

const mountsMaxAgeMs = 10_000;

/**
 * A call to a dead drive never returns and keeps one of Node's few file threads, at the end the whole process. So the
 * root of a network drive is first looked at by a process of its own, which can be left behind. A drive that dies later is
 * given up after `timeoutMs`, but only here, by the walk: its calls keep their file threads, and photos that were found
 * before are opened without this clock, so they wait until the system gives up or the drive comes back.
 */
export function openFileAccess({
  timeoutMs = 20_000,
  farMounts = readFarMounts,
  probe = probeOutside,
}: FileAccessOptions = {}): FileAccess {
  let known: { readonly mounts: ReadonlySet<string>; readonly atMs: number } | null = null;
  const answered = new Set<string>();
  const dead = new Set<string>();

  const mountsNow = async (): Promise<ReadonlySet<string>> => {
    const now = performance.now();
    if (!known || now - known.atMs > mountsMaxAgeMs)
      known = { mounts: new Set(await farMounts()), atMs: now };
    return known.mounts;
  };
  const mountOf = async (path: string): Promise<string | null> => {
    const mounts = await mountsNow();
    if (mounts.size === 0) return null;
    const place = resolve(path);
    const above = [...mounts].filter((mount) => place === mount || place.startsWith(`${mount}/`));
    return above.sort((one, other) => other.length - one.length)[0] ?? null;
  };

  return {
    at: async (path, work) => {
      const mount = await mountOf(path);
      if (mount !== null && dead.has(mount)) throw timedOut();
      if (mount !== null && !answered.has(mount)) {
        const abort = new AbortController();
        try {
          await inTime(() => probe(mount, abort.signal), timeoutMs);
          answered.add(mount);
        } catch (error) {
          dead.add(mount);
          abort.abort();
          throw error;
        }
      }
      return inTime(work, timeoutMs);
    },
  };
}

const timedOut = (): NodeJS.ErrnoException =>
  Object.assign(new Error('the drive does not answer'), { code: 'ETIMEDOUT' });

async function inTime<T>(work: (goesOn: () => void) => Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timedOut()), timeoutMs);
  });
  // A step that finishes after the timeout must not re-arm the timer, as `refresh` would.
  let isOver = false;
  const working = work(() => {
    if (!isOver) timer?.refresh();
  });
  working.catch(() => undefined);
  try {
    return await Promise.race([working, late]);
  } finally {
    isOver = true;
    clearTimeout(timer);
  }
}

/** From Linux' own list; other systems answer for a lost drive after a while by themselves. */
async function readFarMounts(): Promise<readonly string[]> {
  if (process.platform !== 'linux') return [];
  const list = await readFile('/proc/self/mountinfo').catch(() => null);
  return list ? farMountsIn(nameOf(list)) : [];
}

export const farMountsIn = (list: string): readonly string[] =>
  parseMounts(list)
    .filter(({ type }) => far.test(type))
    .map(({ place }) => place);

const far = /^(?:nfs\d?|cifs|smb\d?|smbfs|fuse(?:\..+)?|afs|ceph|9p|ncpfs|davfs\d?|glusterfs)$/u;

function probeOutside(path: string, signal: AbortSignal): Promise<void> {
  // `--` keeps a place that begins with a hyphen from being an option. Bytes that are no UTF-8 cannot be handed over.
  if (typeof fsPath(path) !== 'string') return Promise.resolve();
  return new Promise((answered) => {
    const child = spawn('stat', ['--', path], { stdio: 'ignore' });
    // A process blocked on a dead drive exits when the drive comes back; it is detached.
    child.unref();
    child.on('error', () => answered());
    child.on('exit', () => answered());
    onAbort(signal, () => void child.kill('SIGKILL'));
  });
}
