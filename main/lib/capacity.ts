import { readFileSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseMounts } from './mounts.ts';

/** What the kernel reports of the computer, and the root folder of /proc and /sys. */
export type Host = {
  readonly root: string;
  readonly cores: number;
  readonly totalBytes: number;
  readonly freeBytes: number;
};

const thisHost = (): Host => ({
  root: '/',
  cores: availableParallelism(),
  totalBytes: totalmem(),
  freeBytes: freemem(),
});

/**
 * Cores that this process may keep busy, at least 1: its CPU affinity, and on Linux the CPU quotas of its control group
 * and of that group's ancestors (versions 1 and 2), rounded down: beyond a quota the kernel suspends all threads rather
 * than slowing them.
 */
export function availableCores(host: Host = thisHost()): number {
  const quotas = levels(host.root, 'cpu').map(quotaOf);
  return Math.max(1, Math.min(host.cores, ...quotas.map(Math.floor)));
}

/**
 * Total memory in bytes for this process and those beside it: the computer's, or the smallest limit of its control
 * group and that group's ancestors.
 */
export function memoryLimitBytes(host: Host = thisHost()): number {
  return Math.min(host.totalBytes, ...levels(host.root, 'memory').map(limitOf));
}

/**
 * Memory in bytes that can still be allocated, at least 0, before the computer or a control group reaches its limit.
 */
export function availableMemoryBytes(host: Host = thisHost()): number {
  const left = levels(host.root, 'memory').map((level) => {
    const limit = limitOf(level);
    return limit < host.totalBytes ? limit - usedOf(level) : Infinity;
  });
  return Math.max(0, Math.min(host.freeBytes, ...left));
}

/** The folder of one control group, from that of this process up to the root of the mount. */
type Level = { readonly folder: string; readonly version: 1 | 2 };

function levels(root: string, controller: string): readonly Level[] {
  const mounts = parseMounts(readLines(join(root, 'proc/self/mountinfo')).join('\n'));
  return readLines(join(root, 'proc/self/cgroup')).flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/u.exec(line) ?? [];
    if (controllers === undefined || path === undefined) return [];
    const version = controllers === '' ? 2 : 1;
    if (version === 1 && !controllers.split(',').includes(controller)) return [];
    return mounts
      .filter(({ type, superOptions }) =>
        version === 2 ? type === 'cgroup2' : type === 'cgroup' && superOptions.includes(controller),
      )
      .flatMap((mount) => foldersUp(join(root, mount.place), inside(mount.root, path)))
      .map((folder): Level => ({ folder, version }));
  });
}

/**
 * The path of a group below its mount point: in a container only a part of the hierarchy may be mounted, while /proc
 * names groups by their path on the host.
 */
function inside(mountRoot: string, path: string): string {
  const below = relative(mountRoot, path);
  return below.startsWith('..') ? '' : below;
}

function foldersUp(top: string, below: string): readonly string[] {
  const folders = [top];
  for (let at = below; at !== '' && at !== '.'; at = dirname(at)) folders.push(join(top, at));
  return folders;
}

function quotaOf({ folder, version }: Level): number {
  const [quota, period] =
    version === 2
      ? (readLines(join(folder, 'cpu.max'))[0]?.split(' ') ?? [])
      : [readLines(join(folder, 'cpu.cfs_quota_us'))[0], readLines(join(folder, 'cpu.cfs_period_us'))[0]];
  const cores = Number(quota) / Number(period);
  return cores > 0 ? cores : Infinity;
}

function limitOf({ folder, version }: Level): number {
  // Above `memory.high` the kernel throttles a group almost to a standstill.
  const names = version === 2 ? ['memory.max', 'memory.high'] : ['memory.limit_in_bytes'];
  return Math.min(...names.map((name) => numberIn(join(folder, name)) ?? Infinity));
}

/** Memory in use without inactive file cache, which the kernel reclaims at once. */
function usedOf({ folder, version }: Level): number {
  const used = numberIn(join(folder, version === 2 ? 'memory.current' : 'memory.usage_in_bytes')) ?? 0;
  const name = version === 2 ? 'inactive_file ' : 'total_inactive_file ';
  const line = readLines(join(folder, 'memory.stat')).find((each) => each.startsWith(name));
  return Math.max(0, used - Number(line?.slice(name.length) ?? 0));
}

/** Null for a missing file, and for "max", which means no limit. */
function numberIn(file: string): number | null {
  const text = readLines(file)[0];
  const number = Number(text);
  return text === undefined || Number.isNaN(number) ? null : number;
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}
