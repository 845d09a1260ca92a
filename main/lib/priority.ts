import { constants, setPriority } from 'node:os';

/** Lowers a process's scheduling priority below that of interactive work; does nothing when it has ended. */
export function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Optional: everything works without it.
  }
}
