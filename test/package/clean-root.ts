import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const otherUser = 65534;
/** What a machine with a desktop has; its programs are not among it, save a handful. */
const lent = [
  '/lib',
  '/lib64',
  '/usr/lib',
  '/usr/lib64',
  '/usr/share',
  '/etc/fonts',
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
];
const programs = [
  'sh',
  'bash',
  'dash',
  'dpkg',
  'dpkg-deb',
  'dpkg-query',
  'dpkg-split',
  'tar',
  'rm',
  'ln',
  'chmod',
  'cat',
  'readlink',
];
const morePrograms = [
  'dirname',
  'ls',
  'unshare',
  'diff',
  'Xvfb',
  'setpriv',
  'xkbcomp',
  'ldconfig',
  'start-stop-daemon',
  'umount',
  'true',
  'sleep',
  'seq',
  'mkdir',
  'grep',
];

export type CleanRoot = {
  readonly folder: string;
  /** Runs words inside, as root without a network, and returns what they wrote. */
  asRoot(args: readonly string[]): string;
  /** Starts words inside, as `nobody`, in a network that holds nothing but itself. */
  asPerson(args: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess;
  dispose(): void;
};

/**
 * A folder that looks like a freshly installed machine: system libraries lent read-only, an empty package database, one
 * person with a home, and no Node. Everything runs in namespaces of its own, so that nothing stays mounted.
 */
export function makeCleanRoot(folder: string): CleanRoot {
  for (const name of [
    'etc',
    'proc',
    'dev',
    'tmp',
    'opt',
    'usr/bin',
    'usr/sbin',
    'var/lib/dpkg/info',
    'var/lib/dpkg/updates',
    'var/lib/dpkg/triggers',
    'var/log',
    'home/nobody',
    'package',
  ])
    mkdirSync(join(folder, name), { recursive: true, mode: 0o755 });
  chmodSync(join(folder, 'tmp'), 0o1777);
  chownSync(join(folder, 'home/nobody'), otherUser, otherUser);
  writeFileSync(
    join(folder, 'etc/passwd'),
    'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534::/home/nobody:/bin/sh\n',
  );
  writeFileSync(join(folder, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
  writeFileSync(join(folder, 'etc/nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files\n');
  writeFileSync(join(folder, 'etc/hosts'), '127.0.0.1 localhost\n');
  for (const name of ['status', 'available']) writeFileSync(join(folder, 'var/lib/dpkg', name), '');
  execFileSync('ln', ['-s', 'usr/bin', join(folder, 'bin')]);
  execFileSync('ln', ['-s', 'usr/sbin', join(folder, 'sbin')]);
  for (const name of [...programs, ...morePrograms]) {
    const from = ['/usr/bin', '/bin', '/usr/sbin', '/sbin']
      .map((place) => join(place, name))
      .find((file) => existsSync(file));
    if (from) cpSync(from, join(folder, 'usr/bin', name), { dereference: true });
  }
  const enter = enterScript(folder);
  const environment = {
    PATH: '/usr/bin:/usr/sbin:/bin:/sbin',
    DEBIAN_FRONTEND: 'noninteractive',
    LANG: 'C.UTF-8',
  };
  const inNamespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--ipc', '/bin/sh', enter];
  const children = new Set<ChildProcess>();
  return {
    folder,
    asRoot: (args) =>
      execFileSync('unshare', [...inNamespaces, ...args], {
        env: environment,
        encoding: 'utf8',
        timeout: 120_000,
        stdio: 'pipe',
      }),
    asPerson: (args, env = {}) => {
      const identity = [
        'setpriv',
        `--reuid=${otherUser}`,
        `--regid=${otherUser}`,
        '--clear-groups',
        '--inh-caps=-all',
      ];
      const child = spawn('unshare', [...inNamespaces, ...identity, ...args], {
        env: { ...environment, HOME: '/home/nobody', USER: 'nobody', TMPDIR: '/tmp', ...env },
        stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      });
      children.add(child);
      child.on('close', () => children.delete(child));
      return child;
    },
    dispose: () => {
      for (const child of children) endNamespace(child.pid);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The first process of a namespace takes all others with it; that of `unshare` is its only child. */
function endNamespace(pid: number | undefined): void {
  const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  if (first) process.kill(Number(first), 'SIGKILL');
}

/** Mounts what is lent, in a mount namespace that ends with its first process, and goes in. */
function enterScript(folder: string): string {
  const lines = ['set -e', 'mount --make-rprivate /', `mount --bind '${folder}' '${folder}'`];
  for (const place of lent.filter((name) => existsSync(name))) {
    const inside = join(folder, place);
    if (place.startsWith('/etc/ld')) cpSync(place, inside, { dereference: true });
    else lines.push(`mkdir -p '${inside}'`, `mount --rbind '${place}' '${inside}'`);
  }
  // Packages put files among these: what they write stays in the folder, and what they read is the machine's.
  lines.push(
    `mkdir -p '${folder}/var/upper' '${folder}/var/work'`,
    `mount -t overlay overlay -o lowerdir=/usr/share,upperdir='${folder}/var/upper',workdir='${folder}/var/work' '${folder}/usr/share'`,
    `mount -t proc proc '${folder}/proc'`,
    `mount --rbind /dev '${folder}/dev'`,
    `mount -t tmpfs tmpfs '${folder}/dev/shm'`,
    `mkdir -p '${folder}/outside'`,
    `cd '${folder}'`,
    // Not chroot: Chromium's sandbox needs user namespaces, which a process in a chroot is not given.
    'pivot_root . outside',
    'cd /',
    'umount -l /outside',
    'exec "$@"',
  );
  const file = `${folder}.enter.sh`;
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
