import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { nameOf } from '../file-names.ts';
import { parseMounts } from '../mounts.ts';
import type { Mount } from '../mounts.ts';
import type { Volume } from './volume.ts';

const run = promisify(execFile);

/** Mounted file systems that lie on a device; `system` is the root of the folders that the kernel shows them in. */
export async function linuxVolumes(system = '/'): Promise<readonly Volume[]> {
  const list = await readFile(join(system, 'proc/self/mountinfo')).catch(() => null);
  const mounts = parseMounts(list ? nameOf(list) : '').filter(
    ({ root, device, source }) => root === '/' && !device.startsWith('0:') && source.startsWith('/'),
  );
  const [ids, labels] = await Promise.all(['by-uuid', 'by-label'].map((kind) => names(system, kind)));
  return Promise.all(mounts.map((mount) => volumeOf(system, mount, { ids: ids!, labels: labels! })));
}

export const linuxMark = (): Promise<string> => readFile('/proc/self/mountinfo', 'latin1').catch(() => '');

type Names = {
  readonly ids: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
};

async function volumeOf(system: string, mount: Mount, { ids, labels }: Names): Promise<Volume> {
  const { device, place, type, source } = mount;
  const entry = join(system, 'sys/dev/block', device);
  const real = await realpath(entry).catch(() => null);
  const block = basename(real ?? source);
  const known = { id: ids.get(block) ?? null, label: labels.get(block) ?? null };
  const { id, label } = known.id === null && system === '/' ? await probe(source) : known;
  const isBySystem = real !== null && (await isRemovable(real));
  return { place, id, label, type, isRemovable: isBySystem || isPlugged(place) };
}

/** Where desktops mount what a person plugs in, also by a reader that calls itself built in. */
const isPlugged = (place: string): boolean => /^(?:\/run)?\/media\/./u.test(place);

/** Of a partition its disk says it. A slot for SD cards counts as built in, and its card as the kind `SD`. */
async function isRemovable(entry: string): Promise<boolean> {
  if (/\/usb\d/u.test(entry)) return true;
  for (const disk of [entry, join(entry, '..')]) {
    if ((await word(join(disk, 'removable'))) === '1') return true;
    if ((await word(join(disk, 'device/type'))) === 'SD') return true;
  }
  return false;
}

const word = async (file: string): Promise<string> => (await readFile(file, 'latin1').catch(() => '')).trim();

/** Names that udev gave, by the device that they lead to. */
async function names(system: string, kind: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(system, 'dev/disk', kind);
  const found = await readdir(folder).catch(() => []);
  const pairs = await Promise.all(
    found.map(async (name) => [basename(await readlink(join(folder, name))), unescaped(name)] as const),
  );
  return new Map(pairs);
}

const unescaped = (name: string): string =>
  name.replace(/\\x([0-9a-f]{2})/gu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Where there is no udev, as in a container, who may read the device asks it itself. */
async function probe(source: string): Promise<Pick<Volume, 'id' | 'label'>> {
  try {
    const { stdout } = await run('blkid', ['-p', '-o', 'export', '--', source], { timeout: 2_000 });
    const value = (name: string): string | null =>
      new RegExp(`^${name}=(.+)$`, 'mu').exec(stdout)?.[1]?.replaceAll('\\', '') ?? null;
    return { id: value('UUID'), label: value('LABEL') };
  } catch {
    return { id: null, label: null };
  }
}
