import { openScratch } from '../../lib/scratch.ts';
import type { ScratchFolder } from '../../lib/scratch.ts';

/** A folder of this process in the computer's memory; null where the system has none. What killed processes left goes. */
export async function openMemoryFolder(shared = '/dev/shm'): Promise<ScratchFolder | null> {
  if (process.platform !== 'linux') return null;
  return openScratch('memory', shared).catch(() => null);
}
