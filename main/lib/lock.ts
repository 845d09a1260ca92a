import { randomUUID } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { lifeOf, markPattern, ownMark } from './process-mark.ts';

/*
 * A lock is a file that holds its holder's token, `<mark of the process>-<uuid>`. Beside it lies its deed, `<lock>.<token>`,
 * the same file by a second name. Only who holds the deed may remove the lock: the holder, or whoever found it gone and
 * renamed the deed to `<lock>.<token>~<own token>`. A name can be renamed once, so of many that find one stale lock a
 * single one removes it, and nobody ever removes a fresh one.
 *
 * Whether a holder is gone is asked of the kernel where it can know (process-mark.ts). Where it cannot (another container,
 * another computer), a lock whose heartbeat is overdue is watched, and taken over when it stays silent.
 */

const pollMs = 25;
const heartbeatMs = 2_000;
const silentForMs = 20_000;
/** Longer than two heartbeats: a computer that slept wakes with every heartbeat overdue. */
const watchMs = 2.5 * heartbeatMs;
/** A lock without a token is being made this very moment, on a disk without links, or was left by a kill in that moment. */
const unnamedForMs = 1_000;

const tokenPattern = `${markPattern}-[0-9a-f-]{36}`;
const deedPattern = new RegExp(`^(${tokenPattern})(?:~(${tokenPattern}))?$`, 'u');

/**
 * Takes a lock that one process holds at a time, and gives back what releases it; null when another held it for all of
 * `waitMs` (a silent one may be watched for 5 s more). Throws what the file system says when the lock cannot be made.
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

/** The same for work that does not give way to an event loop; null when the lock was not to be had within `waitMs`. */
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

/** Whether somebody holds it, as far as can be told at once: one that is silent for more than 20 s counts as left. Nothing is taken. */
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
    // Whoever took it over has the deed.
    release: () => void removeBy(deed, `${deed}~${token}`, { file, token }),
  };
}

/** What file systems without links answer; EISDIR is Windows' ERROR_INVALID_FUNCTION, on FAT and exFAT. */
const withoutLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR']);

/** With its content from the first moment, where the file system has links. */
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
    // Without links the deed alone has a heartbeat.
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

/** Removes a lock whose holder is gone; false when another is at it. */
function remove(file: string, token: string, own: string): boolean {
  const found = deedsBeside(file).find((each) => each.token === token);
  if (!found) return removeUnnamed(file, token, own);
  if (found.heir !== null && !isOver(found.path, found.heir)) return false;
  return removeBy(found.path, `${file}.${token}~${own}`, { file, token });
}

function isOver(path: string, heir: string): boolean {
  const life = lifeOf(markOf(heir));
  if (life !== 'unknown') return life === 'gone';
  // It bears its name since its inode was changed.
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

/** What has no deed (killed while it was made where there are no links): renamed first, and put back when it is another's by then. */
function removeUnnamed(file: string, seen: string, own: string): boolean {
  if (lookAt(file)?.token !== seen) return true;
  const aside = `${file}.${own}~${own}`;
  try {
    renameSync(file, aside);
    const token = readFileSync(aside, 'utf8');
    if (token !== seen) writeFileSync(file, token, { mode: 0o600, flag: 'wx' });
  } catch {
    // Another was first.
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

/** What kills left of other tries to take it. */
function sweep(file: string, own: string): void {
  for (const { path, token, heir } of deedsBeside(file))
    if (token !== own && isOver(path, heir ?? token)) rmSync(path, { force: true });
}
