import { randomUUID } from 'node:crypto';
import { link, open, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { failed, ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import { diskFault } from './disk-fault.ts';

const pollMs = 25;
/** A lock without a number in it is one being made this very moment, or a left-over after so long. */
const unnamedForMs = 1000;
const heartbeatMs = 2_000;
/** After a restart of the computer another program may have the holder's number: a lock without a heartbeat is nobody's. */
const silentForMs = 20_000;

/** Takes a lock that one process holds at a time; one whose holder is gone is taken over. Gives back what releases it. */
export async function takeLock(
  file: string,
  folder: string,
  waitMs: number,
): Promise<Outcome<() => Promise<void>>> {
  const begun = performance.now();
  const token = `${process.pid} ${randomUUID()}`;
  for (;;) {
    try {
      await create(file, token);
      await sweepDrafts(file);
      const heartbeat = setInterval(() => {
        const now = new Date();
        void utimes(file, now, now).catch(() => undefined);
      }, heartbeatMs).unref();
      return ok(async () => {
        clearInterval(heartbeat);
        // Whoever took it over has it now.
        if ((await contentOf(file)) === token) await rm(file, { force: true });
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return diskFault(error, file);
    }
    const seen = await contentOf(file);
    if (await isStale(file, seen)) await takeAway(file, seen);
    else if (performance.now() - begun >= waitMs) return failed('lifecycle-locked', { folder });
    else await sleep(pollMs);
  }
}

/** Whether a live process holds it; nothing is taken. */
export async function isLocked(file: string): Promise<boolean> {
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  return isThere && !(await isStale(file, await contentOf(file)));
}

/** With its content from the first moment, where the file system has links. */
async function create(file: string, token: string): Promise<void> {
  const draft = `${file}.${token.replace(' ', '-')}`;
  try {
    await writeFile(draft, token, { mode: 0o600 });
    await link(draft, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(token);
    } catch (failure) {
      await rm(file, { force: true });
      throw failure;
    } finally {
      await handle.close();
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** What a kill left of somebody's try to take it. */
async function sweepDrafts(file: string): Promise<void> {
  const folder = dirname(file);
  const draft = /^(?:stale-)?(\d+)-/u;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(`${basename(file)}.`)) continue;
    const pid = Number(draft.exec(name.slice(basename(file).length + 1))?.[1]);
    if (pid > 0 && !isRunning(pid)) await rm(join(folder, name), { force: true });
  }
}

const contentOf = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

async function isStale(file: string, content: string): Promise<boolean> {
  const pid = Number.parseInt(content, 10);
  const silent = await silenceOf(file);
  if (silent === null) return false;
  if (!(pid > 0)) return silent > unnamedForMs;
  if (!isRunning(pid)) return true;
  if (silent < silentForMs) return false;
  // A computer that slept wakes with every heartbeat overdue: its holder has a moment to go on.
  await sleep(1.5 * heartbeatMs);
  const later = await silenceOf(file);
  return later !== null && later > silentForMs && (await contentOf(file)) === content;
}

/** Milliseconds since the last heartbeat; null when there is no lock. */
async function silenceOf(file: string): Promise<number | null> {
  const entry = await stat(file).catch(() => null);
  return entry && Date.now() - entry.mtimeMs;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Renamed first, and put back when it turns out to be another's fresh one. */
async function takeAway(file: string, seen: string): Promise<void> {
  const aside = `${file}.stale-${process.pid}-${Date.now()}`;
  try {
    await rename(file, aside);
    if ((await contentOf(aside)) !== seen) await link(aside, file).catch(() => undefined);
    await rm(aside, { force: true });
  } catch {
    // The other waiter was first.
  }
}
