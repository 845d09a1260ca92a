import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ZipFile } from 'yauzl';
import { failed, fault, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type { Digest } from '../../../contract/ids.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';
import { detail, reason } from '../../../contract/faults/reasons.ts';
import { sha256Of } from '../../lib/sha256.ts';
import { diskFault } from '../disk-fault.ts';
import { manifestLimit, manifestName, parseManifest } from '../manifest.ts';
import type { StagedPack } from '../pack-store/types.ts';
import { openArchive } from './entries.ts';
import type { ArchiveEntry } from './entries.ts';
import { makeFolders } from '../../lib/make-folders.ts';

type ArchiveHead = { readonly manifest: Manifest; readonly digest: Digest; readonly bytes: Buffer };
export type ExtractOptions = { readonly appVersion: string; readonly signal?: AbortSignal };

/** Reads the manifest of a `.outpack` and validates its directory, without reading other content. */
export async function readOutpackHead(file: string, options: ExtractOptions): Promise<Outcome<ArchiveHead>> {
  const name = basename(file);
  const opened = await openArchive(file, name);
  if (!opened.ok) return opened;
  const { zip, entries } = opened.value;
  try {
    return await readHead(zip, entries, { name, appVersion: options.appVersion });
  } finally {
    zip.close();
  }
}

/** Unpacks into the empty `folder`, checking size and SHA-256 of everything written. */
export async function extractOutpack(
  file: string,
  folder: string,
  options: ExtractOptions,
): Promise<Outcome<StagedPack>> {
  const name = basename(file);
  const opened = await openArchive(file, name);
  if (!opened.ok) return opened;
  const { zip, entries } = opened.value;
  try {
    const head = await readHead(zip, entries, { name, appVersion: options.appVersion });
    if (!head.ok) return head;
    const { manifest, digest, bytes } = head.value;
    const pack = `${manifest.id}@${manifest.version}`;
    const byPath = new Map(entries.map((each) => [each.path, each]));
    for (const { path, size, sha256 } of manifest.files) {
      if (options.signal?.aborted) return failed('cancelled');
      const entry = byPath.get(path)!;
      const written = await writeEntry(
        await zip.openReadStreamPromise(entry.entry),
        join(folder, path),
        size,
      );
      if (written !== sha256) return failed('pack-file-digest', { pack, file: path });
    }
    await writeAll(join(folder, manifestName), bytes);
    const sizeBytes = manifest.files.reduce((sum, each) => sum + each.size, bytes.byteLength);
    return ok({ folder, manifest, digest, sizeBytes });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === undefined
      ? failed('archive-unreadable', { file: name, reason: detail((error as Error).message) })
      : diskFault(error, name);
  } finally {
    zip.close();
  }
}

type Named = { readonly name: string; readonly appVersion: string };

async function readHead(
  zip: ZipFile,
  entries: readonly ArchiveEntry[],
  { name, appVersion }: Named,
): Promise<Outcome<ArchiveHead>> {
  const first = entries[0]!;
  if (first.size > manifestLimit)
    return failed('pack-manifest-invalid', {
      pack: name,
      reason: reason('too-many-bytes', { file: manifestName, size: first.size, limit: manifestLimit }),
    });
  let bytes: Buffer;
  try {
    const pieces: Buffer[] = [];
    for await (const piece of await zip.openReadStreamPromise(first.entry)) pieces.push(piece as Buffer);
    bytes = Buffer.concat(pieces);
  } catch (error) {
    return failed('archive-unreadable', { file: name, reason: detail((error as Error).message) });
  }
  const parsed = parseManifest(bytes, name, appVersion);
  if (!parsed.ok) return parsed;
  const wrong = compare(parsed.value, entries);
  if (wrong) return { ok: false, fault: wrong };
  const digest: Digest = sha256Of(bytes);
  return ok({ manifest: parsed.value, digest, bytes });
}

/** Checks that the archive has every listed file in its size, and no other. */
function compare(manifest: Manifest, entries: readonly ArchiveEntry[]): Fault | null {
  const pack = `${manifest.id}@${manifest.version}`;
  const found = new Map(entries.map(({ path, size }) => [path, size]));
  const listed = new Set([manifestName, ...manifest.files.map(({ path }) => path)]);
  const extra = entries.find(({ path }) => !listed.has(path));
  if (extra) return fault('pack-file-extra', { pack, file: extra.path });
  for (const { path, size } of manifest.files) {
    const here = found.get(path);
    if (here === undefined) return fault('pack-file-missing', { pack, file: path });
    if (here !== size) return fault('pack-file-size', { pack, file: path, size: here, expected: size });
  }
  return null;
}

/** Writes at most `limit` bytes; returns their SHA-256. */
async function writeEntry(content: Readable, file: string, limit: number): Promise<string> {
  await makeFolders(dirname(file));
  const hash = createHash('sha256');
  const handle = await open(file, 'wx', 0o444);
  try {
    let total = 0;
    for await (const piece of content as AsyncIterable<Buffer>) {
      total += piece.byteLength;
      if (total > limit) throw new Error(`more than the ${limit} bytes that it said`);
      hash.update(piece);
      await handle.write(piece);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}

async function writeAll(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o444);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
