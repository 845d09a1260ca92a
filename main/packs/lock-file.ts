import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
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
  for (;;) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile(String(process.pid));
      await handle.close();
      const heartbeat = setInterval(() => {
        const now = new Date();
        void utimes(file, now, now).catch(() => undefined);
      }, heartbeatMs).unref();
      return ok(async () => {
        clearInterval(heartbeat);
        await rm(file, { force: true });
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return diskFault(error, file);
    }
    const waited = performance.now() - begun;
    const holder = await holderOf(file);
    const isStale = holder === null ? waited > unnamedForMs : !isRunning(holder) || (await isSilent(file));
    if (isStale) await takeAway(file);
    else if (waited >= waitMs) return failed('lifecycle-locked', { folder });
    else await sleep(pollMs);
  }
}

async function holderOf(file: string): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number(text);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

async function isSilent(file: string): Promise<boolean> {
  const entry = await stat(file).catch(() => null);
  return entry !== null && Date.now() - entry.mtimeMs > silentForMs;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Renaming first means that of two waiters only one removes it, and neither removes a fresh one. */
async function takeAway(file: string): Promise<void> {
  const aside = `${file}.stale-${process.pid}-${Date.now()}`;
  try {
    await rename(file, aside);
    await rm(aside, { force: true });
  } catch {
    // The other waiter was first.
  }
}
