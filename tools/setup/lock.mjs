import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readText } from './paths.mjs';

/**
 * Runs `work` while holding a folder as a lock, so that two set-ups started together take turns. A lock whose holder
 * is gone is taken over.
 */
export async function withLock(folder, log, work) {
  mkdirSync(path.dirname(folder), { recursive: true });
  await acquire(folder, log);
  const release = () => rmSync(folder, { recursive: true, force: true });
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

async function acquire(folder, log) {
  let told = false;
  for (let tries = 0; ; tries += 1) {
    try {
      mkdirSync(folder);
      writeFileSync(path.join(folder, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const pid = Number(readText(path.join(folder, 'pid')));
    // A lock without a number is one being made this very moment; after a second it is a left-over.
    if (pid > 0 ? !isRunning(pid) : tries > 10) {
      takeAway(folder);
      continue;
    }
    if (!told) log(`  waiting for another set-up to finish (process ${pid || 'just started'})`);
    told = true;
    await sleep(100);
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

/** Renaming first means that of two waiters only one removes it, and neither removes a fresh one. */
function takeAway(folder) {
  const aside = `${folder}.stale-${process.pid}-${Date.now()}`;
  try {
    renameSync(folder, aside);
    rmSync(aside, { recursive: true, force: true });
  } catch {
    // The other waiter was first.
  }
}
