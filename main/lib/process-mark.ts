import { readFileSync, readlinkSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { once } from './once.ts';

/**
 * Identifies a process uniquely, also after its pid was reused, after a reboot, and across containers:
 * `<pid>.<start>.<namespace>.<boot>`. On systems that do not report the last three they are 0.
 */
export const ownMark = once((): string =>
  [process.pid, startOf('self')?.start ?? 0, namespaceOf(), bootOf()].join('.'),
);

/** Regular expression of a mark, for file names that start with one. */
export const markPattern = String.raw`\d+\.\d+\.\d+\.[0-9a-f]+`;

/**
 * Whether the process with this mark still runs. `unknown`: it cannot be seen from here (another container or computer,
 * or a reboot), or its pid may have been reused; the caller has to check its heartbeat.
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

/**
 * Whether the process with this mark may still use its file or folder. A process in another container cannot be seen, so
 * what it made counts as in use for a day after the last change.
 */
export async function mayBeUsed(path: string, mark: string): Promise<boolean> {
  const life = lifeOf(mark);
  return life === 'unknown' ? isFresh(path) : life === 'alive';
}

/** Whether the file or folder was created or changed within the last day. */
export async function isFresh(path: string): Promise<boolean> {
  const entry = await stat(path).catch(() => null);
  if (entry === null) return false;
  // Some file systems store no creation time and report 1970.
  return Date.now() - Math.max(entry.birthtimeMs, entry.mtimeMs, entry.ctimeMs) < dayMs;
}
const dayMs = 86_400_000;

/** Whether a process with this pid exists; which program it runs is not checked. */
export function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Start time of a process in clock ticks since boot, and whether it is a zombie. Null where the system does not tell.
 */
export function startOf(pid: string): { readonly start: string; readonly isOver: boolean } | null {
  const text = read(`/proc/${pid}/stat`);
  // The process name in parentheses may contain spaces and parentheses.
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
