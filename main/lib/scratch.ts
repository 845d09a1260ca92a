import { mkdtempSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLocked, takeLock } from './lock.ts';
import { absolute, env } from './paths.ts';

/**
 * A private temporary folder. It is deleted when closed or, after a kill, when the next one is opened; `leave` keeps it and
 * what is in it for whoever is told its path.
 */
export type ScratchFolder = { readonly path: string; close(): Promise<void>; leave(): Promise<void> };

const begins = 'outpost-';
/** Names as `openScratch` makes them: the process, the purpose, six characters of mkdtemp. */
const isOurs = /^outpost-\d+-[a-z]+-[A-Za-z0-9]{6}$/u;
const lockName = '.in-use';
/**
 * Age up to which a folder without a lock counts as being created; an older one was left by a process killed at that
 * moment.
 */
const unlockedForMs = 60_000;
/**
 * Socket paths are silently truncated at 107 bytes (103 on macOS): a folder of at most this length leaves room for a
 * name.
 */
const longestForSocketsBytes = 70;

/** No scratch folder could be created below `folder`; `reason` is the system's error code (ENOENT, ENOSPC …). */
export class NoScratchError extends Error {
  readonly folder: string;
  readonly reason: string;
  constructor(folder: string, cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException;
    super(message, { cause });
    this.folder = folder;
    this.reason = code ?? message;
  }
}

/** Creates a scratch folder below `parent`, by default the system's temporary folder; throws `NoScratchError`. */
export async function openScratch(purpose: string, parent: string = tmpdir()): Promise<ScratchFolder> {
  sweepScratch(parent);
  let path: string | null = null;
  try {
    // mkdtemp creates it with mode 0700 and a new random name, so nobody can have prepared it.
    path = mkdtempSync(join(parent, `${begins}${process.pid}-${purpose}-`));
    const made = path;
    const release = await takeLock(join(made, lockName), 0);
    return {
      path: made,
      close: async () => {
        await release?.();
        await rm(made, { recursive: true, force: true });
      },
      leave: async () => release?.(),
    };
  } catch (error) {
    if (path !== null) rmSync(path, { recursive: true, force: true });
    throw new NoScratchError(parent, error);
  }
}

/**
 * A scratch folder for sockets: below the system's temporary folder if its path is short enough, else below the first
 * of the runtime folder, /tmp and /var/tmp where one can be created.
 */
export async function openSocketFolder(purpose: string, usual: string = tmpdir()): Promise<ScratchFolder> {
  if (process.platform === 'win32' || Buffer.byteLength(usual) <= longestForSocketsBytes)
    return openScratch(purpose, usual);
  const runtime = absolute(env('XDG_RUNTIME_DIR'));
  const others = [...(runtime === null ? [] : [runtime]), '/tmp', '/var/tmp'];
  let reason: unknown = new NoScratchError(usual, new Error('its name is too long for sockets'));
  for (const parent of others) {
    if (Buffer.byteLength(parent) > longestForSocketsBytes) continue;
    try {
      return await openScratch(purpose, parent);
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}

/** Deletes scratch folders that killed processes of this user left below `parent`; a missing parent has none. */
export function sweepScratch(parent: string): void {
  const user = process.getuid?.();
  for (const name of namesIn(parent)) {
    const path = join(parent, name);
    try {
      const entry = statSync(path, { throwIfNoEntry: false });
      if (!entry?.isDirectory() || (user !== undefined && entry.uid !== user)) continue;
      const lock = statSync(join(path, lockName), { throwIfNoEntry: false });
      if (lock && !isLocked(join(path, lockName))) rmSync(path, { recursive: true, force: true });
      // A kill during creation leaves an empty one. A folder of another name is somebody's, empty or not: results may be
      // about to be written into it.
      else if (!lock && isOurs.test(name) && Date.now() - entry.mtimeMs > unlockedForMs) rmdirSync(path);
    } catch {
      // Not owned by this user, or another process was faster.
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith(begins));
  } catch {
    return [];
  }
}
