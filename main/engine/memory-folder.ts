import { readlinkSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const memoryFolder = '/dev/shm';
const name = /^outpost-(\d+)-(?:(\d+)-)?\w+$/u;
/** Blobs live as long as a request may take; what nobody touched for longer belongs to nobody. */
const staleMs = 86_400_000;

/**
 * A folder of this process in the computer's memory; null where the system has none. What killed processes left goes. A
 * process number means something only inside its own PID namespace: folders of other containers are judged by their age.
 */
export async function openMemoryFolder(shared: string = memoryFolder): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const namespace = pidNamespace();
  try {
    for (const entry of await readdir(shared)) {
      const [, pid, place] = name.exec(entry) ?? [];
      if (pid === undefined) continue;
      const folder = join(shared, entry);
      const isLeft = place === namespace ? !isAlive(Number(pid)) : await isStale(folder);
      if (isLeft) await rm(folder, { recursive: true, force: true });
    }
    return await mkdtemp(join(shared, `outpost-${process.pid}-${namespace}-`));
  } catch {
    return null;
  }
}

/** The number of this process's PID namespace; 0 where the system does not tell. */
function pidNamespace(): string {
  try {
    return /\d+/u.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

async function isStale(folder: string): Promise<boolean> {
  const info = await stat(folder).catch(() => null);
  return info !== null && Date.now() - info.mtimeMs > staleMs;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
