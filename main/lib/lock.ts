import { randomUUID } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { lifeOf, markPattern, ownMark } from './process-mark.ts';

/*
 * A lock is a file that holds its holder's token, `<mark of the process>-<uuid>`. Beside it is its ownership file (a "deed"),
 * `<lock>.<token>`, a hard link to the same file. Only the owner of that name may remove the lock: the holder, or a process
 * that found the holder gone and renamed the deed to `<lock>.<token>~<own token>` (its "heir"). A rename succeeds once, so of
 * many processes that find one stale lock exactly one removes it, and a fresh lock is never removed.
 *
 * Whether a holder still runs is asked of the kernel where possible (process-mark.ts). Where it is not (another container or
 * computer), a lock whose heartbeat is overdue is watched for a while, and taken over if it stays silent.
 */

const pollMs = 25;
const heartbeatMs = 2_000;
const silentForMs = 20_000;
/**
 * Watch time before a silent lock is taken over. More than two heartbeats: after a computer slept, every heartbeat is
 * overdue.
 */
const watchMs = 2.5 * heartbeatMs;
/**
 * Age up to which a lock file without a token counts as being created (on a file system without hard links); an older
 * one was left by a process killed at that moment.
 */
const unnamedForMs = 1_000;

const tokenPattern = `${markPattern}-[0-9a-f-]{36}`;
const deedPattern = new RegExp(`^(${tokenPattern})(?:~(${tokenPattern}))?$`, 'u');

/**
 * Acquires an exclusive lock between processes and returns its release function; null when another process held it for
 * all of `waitMs` (a silent holder may be watched for 5 s more). Throws the file system's error when the lock file
 * cannot be created.
 */
export async function takeLock(file: string, waitMs: number): Promise<(() => Promise<void>) | null> {
  const attempt = prepare(file, waitMs);
  try {
    for (;;) {
      const state = attempt.step();
      if (state === 'taken') break;
      if (state === 'refused') return null;
      if (state === 'wait') await sleep(pollMs);
    }
  } catch (error) {
    attempt.giveUp();
    throw error;
  }
  const timer = setInterval(() => {
    const now = new Date();
    void utimes(attempt.deed, now, now).catch(() => undefined);
  }, heartbeatMs).unref();
  return async () => {
    clearInterval(timer);
    attempt.release();
  };
}

/** The same for synchronous work that blocks the event loop; null when the lock was not acquired within `waitMs`. */
export function withLockSync<T>(file: string, waitMs: number, work: () => T): { readonly value: T } | null {
  const attempt = prepare(file, waitMs);
  try {
    for (;;) {
      const state = attempt.step();
      if (state === 'taken') break;
      if (state === 'refused') return null;
      if (state === 'wait') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pollMs);
    }
  } catch (error) {
    attempt.giveUp();
    throw error;
  }
  let heart: Worker | null = null;
  try {
    heart = new Worker(beating, { eval: true, execArgv: [], workerData: [attempt.deed, heartbeatMs] });
    heart.unref();
    return { value: work() };
  } finally {
    attempt.release();
    void heart?.terminate();
  }
}
const beating = `const { workerData: [file, everyMs] } = require('node:worker_threads');
setInterval(() => { try { const now = new Date(); require('node:fs').utimesSync(file, now, now); } catch {} }, everyMs);`;

/**
 * Whether the lock is held, as far as can be told without waiting: a holder silent for more than 20 s counts as gone.
 * Acquires nothing.
 */
export function isLocked(file: string): boolean {
  const seen = lookAt(file);
  return seen !== null && stateOfHolder(seen) === 'held';
}

type Seen = { readonly token: string; readonly beatMs: number };

function prepare(
  file: string,
  waitMs: number,
): {
  readonly deed: string;
  step(): 'taken' | 'refused' | 'wait' | 'again';
  release(): void;
  giveUp(): void;
} {
  const token = `${ownMark()}-${randomUUID()}`;
  const deed = `${file}.${token}`;
  const begun = performance.now();
  let watched: (Seen & { readonly sinceMs: number }) | null = null;
  const giveUp = (): void => rmSync(deed, { force: true });
  writeFileSync(deed, token, { mode: 0o600, flag: 'wx' });
  return {
    deed,
    giveUp,
    step() {
      if (create(file, deed, token)) {
        sweep(file, token);
        return 'taken';
      }
      const seen = lookAt(file);
      if (seen === null) return 'again';
      const holder = stateOfHolder(seen);
      if (holder === 'silent') {
        if (watched?.token !== seen.token || watched.beatMs !== seen.beatMs)
          watched = { ...seen, sinceMs: performance.now() };
        if (performance.now() - watched.sinceMs < watchMs) return 'wait';
      }
      if (holder !== 'held' && remove(file, seen.token, token)) return 'again';
      if (performance.now() - begun < waitMs) return 'wait';
      giveUp();
      return 'refused';
    },
    // A process that took the lock over has renamed the ownership file.
    release: () => void removeBy(deed, `${deed}~${token}`, { file, token }),
  };
}

/** Error codes of file systems without hard links; EISDIR is Windows' ERROR_INVALID_FUNCTION, on FAT and exFAT. */
const withoutLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR']);

/** Creates the lock file, atomically with its content where the file system has hard links. */
function create(file: string, deed: string, token: string): boolean {
  try {
    linkSync(deed, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!withoutLinks.has(code ?? '')) throw error;
  }
  try {
    writeFileSync(file, token, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function lookAt(file: string): Seen | null {
  try {
    const token = readFileSync(file, 'utf8');
    // Without hard links only the ownership file has a heartbeat.
    const beats = [file, `${file}.${token}`].map(
      (name) => statSync(name, { throwIfNoEntry: false })?.mtimeMs ?? 0,
    );
    return { token, beatMs: Math.max(...beats) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function stateOfHolder({ token, beatMs }: Seen): 'held' | 'gone' | 'silent' {
  const silence = Math.abs(Date.now() - beatMs);
  if (token === '') return silence > unnamedForMs ? 'silent' : 'held';
  const life = lifeOf(markOf(token));
  if (life === 'gone') return 'gone';
  return life === 'unknown' && silence > silentForMs ? 'silent' : 'held';
}

const markOf = (token: string): string => token.slice(0, token.indexOf('-'));

/** Removes the lock of a holder that is gone; false when another process is doing so. */
function remove(file: string, token: string, own: string): boolean {
  const found = deedsBeside(file).find((each) => each.token === token);
  if (!found) return removeUnnamed(file, token, own);
  if (found.heir !== null && !isOver(found.path, found.heir)) return false;
  return removeBy(found.path, `${file}.${token}~${own}`, { file, token });
}

function isOver(path: string, heir: string): boolean {
  const life = lifeOf(markOf(heir));
  if (life !== 'unknown') return life === 'gone';
  // The rename set the inode's change time: that is when the heir started.
  const entry = statSync(path, { throwIfNoEntry: false });
  return entry !== undefined && Math.abs(Date.now() - entry.ctimeMs) > silentForMs;
}

function removeBy(
  deed: string,
  renamed: string,
  of: { readonly file: string; readonly token: string },
): boolean {
  try {
    renameSync(deed, renamed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  if (lookAt(of.file)?.token === of.token) rmSync(of.file, { force: true });
  rmSync(renamed, { force: true });
  return true;
}

/**
 * Removes a lock without an ownership file, left by a process killed while creating it without hard links. It is
 * renamed first, and restored when it turns out to be a new one.
 */
function removeUnnamed(file: string, seen: string, own: string): boolean {
  if (lookAt(file)?.token !== seen) return true;
  const aside = `${file}.${own}~${own}`;
  try {
    renameSync(file, aside);
    const token = readFileSync(aside, 'utf8');
    if (token !== seen) writeFileSync(file, token, { mode: 0o600, flag: 'wx' });
  } catch {
    // Another process was faster.
  }
  rmSync(aside, { force: true });
  return true;
}

type Deed = { readonly path: string; readonly token: string; readonly heir: string | null };

function deedsBeside(file: string): readonly Deed[] {
  const start = `${basename(file)}.`;
  return readdirSync(dirname(file)).flatMap((name) => {
    const found = name.startsWith(start) ? deedPattern.exec(name.slice(start.length)) : null;
    return found ? [{ path: join(dirname(file), name), token: found[1]!, heir: found[2] ?? null }] : [];
  });
}

/** Deletes ownership files left by processes that were killed while acquiring. */
function sweep(file: string, own: string): void {
  for (const { path, token, heir } of deedsBeside(file))
    if (token !== own && isOver(path, heir ?? token)) rmSync(path, { force: true });
}
