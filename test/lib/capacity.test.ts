import { mkdirSync, readFileSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { availableCores, availableMemoryBytes, memoryLimitBytes } from '../../main/lib/capacity.ts';
import { newFolder } from '../temp/folder.ts';

const mb = 2 ** 20;

/** A computer of 64 cores and 64 GB, 32 of them free, whose control group files are these. */
function host(files: Readonly<Record<string, string>>): Parameters<typeof availableCores>[0] & object {
  const root = newFolder('groups');
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${text}\n`);
  }
  return { root, cores: 64, totalBytes: 65_536 * mb, freeBytes: 32_768 * mb };
}

const unified = '30 24 0:27 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate';

test('without control groups it is the whole computer', () => {
  const whole = host({});
  expect(availableCores(whole)).toBe(64);
  expect(memoryLimitBytes(whole)).toBe(65_536 * mb);
  expect(availableMemoryBytes(whole)).toBe(32_768 * mb);
});

test('a container on version 2 sees itself as the root', () => {
  const container = host({
    'proc/self/cgroup': '0::/',
    'proc/self/mountinfo': unified,
    'sys/fs/cgroup/cpu.max': '150000 100000',
    'sys/fs/cgroup/memory.max': String(1024 * mb),
    'sys/fs/cgroup/memory.high': 'max',
    'sys/fs/cgroup/memory.current': String(900 * mb),
    'sys/fs/cgroup/memory.stat': `anon ${200 * mb}\ninactive_file ${700 * mb}\nactive_file 0`,
  });
  expect(availableCores(container)).toBe(1);
  expect(memoryLimitBytes(container)).toBe(1024 * mb);
  expect(availableMemoryBytes(container)).toBe(824 * mb);
});

test('the smallest limit of all groups around counts', () => {
  const nested = host({
    'proc/self/cgroup': '0::/work.slice/job 7.scope',
    'proc/self/mountinfo': unified,
    'sys/fs/cgroup/work.slice/cpu.max': '400000 100000',
    'sys/fs/cgroup/work.slice/memory.max': String(2048 * mb),
    'sys/fs/cgroup/work.slice/memory.current': String(2000 * mb),
    'sys/fs/cgroup/work.slice/job 7.scope/cpu.max': 'max 100000',
    'sys/fs/cgroup/work.slice/job 7.scope/memory.max': 'max',
    'sys/fs/cgroup/work.slice/job 7.scope/memory.high': String(4096 * mb),
    'sys/fs/cgroup/work.slice/job 7.scope/memory.current': String(100 * mb),
  });
  expect(availableCores(nested)).toBe(4);
  expect(memoryLimitBytes(nested)).toBe(2048 * mb);
  expect(availableMemoryBytes(nested)).toBe(48 * mb);
});

test('a container on version 1 sees its part of the tree under the name that the host has for it', () => {
  const group = '/docker/0123abc';
  const container = host({
    'proc/self/cgroup': `4:memory:${group}\n3:cpu,cpuacct:${group}\n1:name=systemd:${group}`,
    'proc/self/mountinfo': [
      `40 39 0:30 ${group} /sys/fs/cgroup/cpu,cpuacct ro master:10 - cgroup cgroup rw,cpu,cpuacct`,
      `41 39 0:31 ${group} /sys/fs/cgroup/memory ro master:11 - cgroup cgroup rw,memory`,
    ].join('\n'),
    'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '50000',
    'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000',
    'sys/fs/cgroup/memory/memory.limit_in_bytes': String(512 * mb),
    'sys/fs/cgroup/memory/memory.usage_in_bytes': String(600 * mb),
    'sys/fs/cgroup/memory/memory.stat': `inactive_file 0\ntotal_inactive_file ${20 * mb}`,
  });
  expect(availableCores(container), 'half a core is one').toBe(1);
  expect(memoryLimitBytes(container)).toBe(512 * mb);
  expect(availableMemoryBytes(container), 'less than nothing is nothing').toBe(0);
});

test('no limit on version 1 is minus one and a number larger than any memory', () => {
  const free = host({
    'proc/self/cgroup': '2:memory:/a/b\n1:cpu:/a/b',
    'proc/self/mountinfo': [
      '40 39 0:30 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu',
      '41 39 0:31 / /sys/fs/cgroup/with\\040space rw - cgroup cgroup rw,memory',
    ].join('\n'),
    'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1',
    'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
    'sys/fs/cgroup/cpu/a/cpu.cfs_quota_us': '300000',
    'sys/fs/cgroup/cpu/a/cpu.cfs_period_us': '100000',
    'sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us': '-1',
    'sys/fs/cgroup/cpu/a/b/cpu.cfs_period_us': '100000',
    'sys/fs/cgroup/with space/memory.limit_in_bytes': '9223372036854771712',
    'sys/fs/cgroup/with space/a/b/memory.limit_in_bytes': '9223372036854771712',
    'sys/fs/cgroup/with space/a/b/memory.usage_in_bytes': String(60_000 * mb),
  });
  expect(availableCores(free)).toBe(3);
  expect(memoryLimitBytes(free)).toBe(65_536 * mb);
  expect(availableMemoryBytes(free)).toBe(32_768 * mb);
});

const cpuGroups = '/sys/fs/cgroup/cpu';
const mine = path.join(cpuGroups, `outpost-test-${process.pid}`);
const mayGroup = ((): boolean => {
  try {
    mkdirSync(mine);
    writeFileSync(path.join(mine, 'cpu.cfs_period_us'), '100000');
    writeFileSync(path.join(mine, 'cpu.cfs_quota_us'), '100000');
    return true;
  } catch {
    rmSync(mine, { recursive: true, force: true });
    return false;
  }
})();

test.runIf(mayGroup)('a process in a real group below one with a quota of one core has one core', () => {
  const nested = path.join(mine, 'nested');
  mkdirSync(nested);
  const before = /:cpu:(.*)/u.exec(readFileSync('/proc/self/cgroup', 'utf8'))![1]!;
  const move = (group: string): void => writeFileSync(path.join(group, 'cgroup.procs'), String(process.pid));
  try {
    move(nested);
    expect(availableCores({ root: '/', cores: 64, totalBytes: 1, freeBytes: 1 })).toBe(1);
  } finally {
    move(path.join(cpuGroups, before));
    rmdirSync(nested);
    rmdirSync(mine);
  }
});
