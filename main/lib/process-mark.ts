import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Tells one process from all others, also after its number was given to another one, after a restart of the computer,
 * and seen from another container: `<pid>.<start>.<namespace>.<boot>`. On systems that do not say them, the last three
 * are 0.
 */
export function ownMark(): string {
  return (own ??= [process.pid, startOf('self')?.start ?? 0, namespaceOf(), bootOf()].join('.'));
}
let own: string | undefined;

/** Digits and letters between three dots, for names of files that begin with a mark. */
export const markPattern = String.raw`\d+\.\d+\.\d+\.[0-9a-f]+`;

/**
 * Whether the process of a mark still runs. `unknown`: it cannot be seen from here (another container, another computer
 * or one that was started anew), or its number may be another's by now; its heartbeat has to tell.
 */
export function lifeOf(mark: string): 'alive' | 'gone' | 'unknown' {
  if (!wholeMark.test(mark)) return 'unknown';
  const [pid, start, namespace, boot] = mark.split('.');
  const [, , ownNamespace, ownBoot] = ownMark().split('.');
  if (namespace !== ownNamespace || boot !== ownBoot) return 'unknown';
  if (!hasProcess(Number(pid))) return 'gone';
  const found = startOf(pid!);
  if (found === null || start === '0') return 'unknown';
  return found.start === start && !found.isOver ? 'alive' : 'gone';
}
const wholeMark = new RegExp(`^${markPattern}$`, 'u');

/** Whether a process of this number can be seen; what kind of process it is, it does not say. */
export function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, in clock ticks since the computer's start, and whether only its entry is left. Null where the system does not say. */
export function startOf(pid: string): { readonly start: string; readonly isOver: boolean } | null {
  const text = read(`/proc/${pid}/stat`);
  // The name in brackets may hold spaces and brackets.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = fields?.[0];
  const start = fields?.[19];
  return state === undefined || start === undefined
    ? null
    : { start, isOver: state === 'Z' || state === 'X' };
}

function namespaceOf(): string {
  try {
    return /\d+/u.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

const bootOf = (): string => read('/proc/sys/kernel/random/boot_id')?.slice(0, 8) ?? '0';

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
