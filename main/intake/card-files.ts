import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { fsPath, nameOf } from '../lib/file-names.ts';
import { asBuffer } from '../lib/as-buffer.ts';

/** A file of a card; `below` its root, with `/` between the steps. */
export type CardFile = {
  readonly below: string;
  readonly sizeBytes: number;
  /** Whole milliseconds since 1970, as the file system has it. */
  readonly mtimeMs: number;
};
/** Files that cameras do not write; they are neither copied nor reported as missing. */
type PassedOver = { readonly below: string; readonly why: 'system' | 'link' };
export type CardEntry =
  | ({ readonly kind: 'file' } & CardFile)
  | ({ readonly kind: 'passed-over' } & PassedOver)
  | { readonly kind: 'unreadable'; readonly below: string; readonly error: unknown };

/**
 * What operating systems write onto cards: bins, indexes, thumbnails, and AppleDouble files (`._name`). Not `FOUND.000`: what a repair of
 * the card found lies there, which may be the only copy of photos.
 */
const systemNames =
  /^(?:system volume information|\$recycle\.bin|recycler|lost\+found|\.trash.*|\.fseventsd|\.spotlight-v100|\.temporaryitems|\.documentrevisions-v100|\.android_secure|\.ds_store|thumbs\.db|desktop\.ini|\._.*)$/iu;

/**
 * Walks a card in the order of its names. Every file that a camera may have written is listed, so also videos, sounds and
 * side files: formatting the card would lose them too. Folders that cannot be read are `unreadable`.
 */
export async function* cardFiles(root: string, folder = ''): AsyncGenerator<CardEntry> {
  const listed = await attempt(() => namesIn(join(root, folder)));
  if (!listed.ok) {
    yield { kind: 'unreadable', below: folder, error: listed.error };
    return;
  }
  for (const name of listed.value) {
    const below = folder === '' ? name : `${folder}/${name}`;
    if (systemNames.test(name)) {
      yield { kind: 'passed-over', below, why: 'system' };
      continue;
    }
    const stats = await attempt(() => lstat(fsPath(join(root, below))));
    if (!stats.ok) yield { kind: 'unreadable', below, error: stats.error };
    else if (stats.value.isDirectory()) yield* cardFiles(root, below);
    else if (stats.value.isFile())
      yield {
        kind: 'file',
        below,
        sizeBytes: stats.value.size,
        mtimeMs: Math.floor(stats.value.mtimeMs),
      };
    else yield { kind: 'passed-over', below, why: 'link' };
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  // `opendir` takes 'buffer', though @types/node does not list it.
  const options = { encoding: 'buffer' as BufferEncoding };
  for await (const entry of await opendir(fsPath(folder), options))
    names.push(nameOf(asBuffer(entry.name as unknown as Buffer)));
  return names.sort();
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };
const attempt = async <T>(work: () => Promise<T>): Promise<Attempt<T>> => {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error };
  }
};
