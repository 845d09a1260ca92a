import { mkdirSync, readlinkSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readText } from './paths.mjs';

/**
 * Runs `work` while holding a folder as a lock, so that two set-ups started together take turns. A lock whose holder
 * has ended is taken over.
 */
export async function withLock(folder, log, work) {
  mkdirSync(path.dirname(folder), { recursive: true });
  const heartbeat = await acquire(folder, log);
  const release = () => {
    clearInterval(heartbeat);
    rmSync(folder, { recursive: true, force: true });
  };
  const interrupted = (signal) => {
    release();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    return await work();
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    release();
  }
}

const heartbeatMs = 2_000;
const silentForMs = 60_000;

async function acquire(folder, log) {
  let hasLogged = false;
  for (let tries = 0; ; tries += 1) {
    try {
      mkdirSync(folder);
      writeFileSync(path.join(folder, 'pid'), ownMark());
      return setInterval(() => beat(folder), heartbeatMs).unref();
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const mark = readText(path.join(folder, 'pid'));
    // A lock without a number is one being made this very moment; after a second it is a left-over.
    if (mark ? hasHolderEnded(mark, folder) : tries > 10) {
      takeAway(folder, mark);
      continue;
    }
    if (!hasLogged)
      log(`  waiting for another set-up to finish (process ${mark?.split(' ')[0] ?? 'just started'})`);
    hasLogged = true;
    await sleep(100);
  }
}

/** Process number, its namespace and the computer's start: in another container the number alone says nothing. */
function ownMark() {
  let namespace = 'none';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Not Linux.
  }
  return `${process.pid} ${namespace} ${readText('/proc/sys/kernel/random/boot_id') ?? 'none'}`;
}

function hasHolderEnded(mark, folder) {
  const [pid, ...place] = mark.split(' ');
  if (place.length === 0 || place.join(' ') === ownMark().split(' ').slice(1).join(' '))
    return !isRunning(Number(pid));
  const beatMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  return Date.now() - beatMs > silentForMs;
}

function beat(folder) {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch {
    // It was taken away.
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Renaming first means that of two waiters only one removes it; a fresh one that took its place meanwhile is put back. */
function takeAway(folder, mark) {
  const aside = `${folder}.stale-${process.pid}-${Date.now()}`;
  try {
    renameSync(folder, aside);
    if (readText(path.join(aside, 'pid')) !== mark) renameSync(aside, folder);
    rmSync(aside, { recursive: true, force: true });
  } catch {
    // The other waiter was first.
  }
}
