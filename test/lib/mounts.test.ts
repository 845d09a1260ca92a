import { expect, it } from 'vitest';
import { parseMounts } from '../../main/lib/mounts.ts';

it('reads each line of mountinfo, blanks in places and any number of tags included', () => {
  const list = [
    '22 1 0:21 / / rw,relatime shared:1 master:2 - ext4 /dev/sda1 rw,errors=remount-ro',
    String.raw`36 35 98:0 /mnt1 /mnt/my\040share rw,noatime - nfs4 server:/export rw,vers=4.2`,
    '40 22 0:30 /docker/x /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct',
    'no mount at all',
    '',
  ].join('\n');
  expect(parseMounts(list)).toEqual([
    {
      device: '0:21',
      source: '/dev/sda1',
      root: '/',
      place: '/',
      type: 'ext4',
      superOptions: ['rw', 'errors=remount-ro'],
    },
    {
      device: '98:0',
      source: 'server:/export',
      root: '/mnt1',
      place: '/mnt/my share',
      type: 'nfs4',
      superOptions: ['rw', 'vers=4.2'],
    },
    {
      device: '0:30',
      source: 'cgroup',
      root: '/docker/x',
      place: '/sys/fs/cgroup/cpu',
      type: 'cgroup',
      superOptions: ['rw', 'cpu', 'cpuacct'],
    },
  ]);
});
