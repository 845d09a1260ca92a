import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nameKind } from './plain-file.ts';
import { reason, systemReason, type Reason } from '../../contract/faults/reasons.ts';

/** An entry of a pack's folder. `identity` changes whenever the file's content may have. */
export type Found =
  | { readonly kind: 'file'; readonly size: number; readonly identity: string }
  | { readonly kind: 'not-plain'; readonly what: Reason }
  | { readonly kind: 'unreadable'; readonly reason: Reason };

/** A pack lists at most 10,000 files; a folder with many more need not be walked to its end. */
const most = 20_000;

/** Every entry in the folder that is not a folder, by its path with forward slashes. Links are not followed. */
export async function walk(folder: string): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  const waiting = [''];
  for (let place = waiting.pop(); place !== undefined && found.size < most; place = waiting.pop()) {
    const here = place;
    try {
      for (const entry of await readdir(join(folder, here), { withFileTypes: true })) {
        const path = here === '' ? entry.name : `${here}/${entry.name}`;
        if (entry.isDirectory()) waiting.push(path);
        else found.set(path, await look(join(folder, path)));
      }
    } catch (error) {
      found.set(here === '' ? '.' : here, {
        kind: 'unreadable',
        reason: systemReason(error),
      });
    }
  }
  return found;
}

async function look(path: string): Promise<Found> {
  const entry = await lstat(path, { bigint: true });
  if (!entry.isFile()) return { kind: 'not-plain', what: reason(nameKind(entry)) };
  const { dev, ino, size, mtimeNs, ctimeNs } = entry;
  return { kind: 'file', size: Number(size), identity: [dev, ino, size, mtimeNs, ctimeNs].join(' ') };
}
