import { constants, setPriority } from 'node:os';

/** Lets a process give way to those that people and programs wait for; one that has ended meanwhile needs none. */
export function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It is a wish: without it everything works all the same.
  }
}
