import { opendir, stat } from 'node:fs/promises';
import type { BigIntStats, Dirent } from 'node:fs';
import { basename, join } from 'node:path';
import { fault } from '../../contract/faults.ts';
import type { Fault } from '../../contract/faults.ts';
import { isPictureName } from '../../contract/pictures.ts';
import { fileFault, kindOf } from './input-file.ts';

export type Found = { readonly path: string; readonly fault: Fault | null };
type Kind = 'file' | 'folder' | 'link' | 'other';

/**
 * The pictures below a folder, or the path itself when it is none, in order of their names. One folder's names are held
 * at a time for each level, never the tree.
 */
export async function* walk(path: string): AsyncGenerator<Found> {
  let stats: BigIntStats;
  try {
    stats = await stat(path, { bigint: true });
  } catch (error) {
    yield { path, fault: fileFault(error, path) };
    return;
  }
  if (stats.isDirectory()) yield* walkFolder(path, stats, []);
  else yield { path, fault: null };
}

async function* walkFolder(
  path: string,
  stats: BigIntStats,
  above: readonly string[],
): AsyncGenerator<Found> {
  const self = `${stats.dev}:${stats.ino}`;
  if (above.includes(self)) {
    yield { path, fault: fault('folder-loop', { file: path }) };
    return;
  }
  let entries: { name: string; kind: Kind }[];
  try {
    entries = await read(path);
  } catch (error) {
    yield { path, fault: fileFault(error, path) };
    return;
  }
  const chain = [...above, self];
  for (const { name, kind } of entries) {
    const full = join(path, name);
    if (kind === 'file') yield { path: full, fault: null };
    else yield* follow(full, chain);
  }
}

/** A folder, a link, or something that is neither file nor folder. */
async function* follow(path: string, chain: readonly string[]): AsyncGenerator<Found> {
  let stats: BigIntStats;
  try {
    stats = await stat(path, { bigint: true });
  } catch (error) {
    // A link that leads nowhere matters only where a picture was to be.
    if (isPicture(path)) yield { path, fault: fileFault(error, path) };
    return;
  }
  if (stats.isDirectory()) yield* walkFolder(path, stats, chain);
  else if (isPicture(path))
    yield { path, fault: stats.isFile() ? null : fault('not-a-file', { file: path, what: kindOf(stats) }) };
}

async function read(path: string): Promise<{ name: string; kind: Kind }[]> {
  const entries: { name: string; kind: Kind }[] = [];
  for await (const entry of await opendir(path, { bufferSize: 256 })) {
    const kind = kindOfEntry(entry);
    if (entry.name.startsWith('.') || (kind !== 'folder' && kind !== 'link' && !isPicture(entry.name)))
      continue;
    entries.push({ name: entry.name, kind });
  }
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function kindOfEntry(entry: Dirent): Kind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

const isPicture = (path: string): boolean => isPictureName(basename(path));
