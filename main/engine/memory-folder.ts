import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const shared = '/dev/shm';
const name = /^outpost-(\d+)-/u;

/** A folder of this process in the computer's memory; null where the system has none. What killed processes left goes. */
export async function openMemoryFolder(): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  try {
    for (const entry of await readdir(shared)) {
      const pid = Number(name.exec(entry)?.[1]);
      if (pid > 0 && !isAlive(pid)) await rm(join(shared, entry), { recursive: true, force: true });
    }
    return await mkdtemp(join(shared, `outpost-${process.pid}-`));
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
