import type { Dirent } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fault } from '../../contract/faults/faults.ts';
import { reason, systemReason, type Reason } from '../../contract/faults/reasons.ts';
import { readLabels } from './contents.ts';
import type { Pack, PackFolder, RefusedPack } from './types.ts';
import { manifestName } from './manifest.ts';
import type { ManifestReader } from './manifest.ts';
import { readReceipt } from './pack-store/files.ts';

export type Scanned = { readonly packs: readonly Pack[]; readonly refused: readonly RefusedPack[] };

/** `<version>-<first 12 digits of the pack's digest>`: folder of one of several versions. */
const versionFolder = /^\d+\.\d+\.\d+.*-(?<digest>[0-9a-f]{12})$/u;

/** The packs of all folders, in the order of the folders. A missing folder has none. */
export async function scanFolders(
  folders: readonly PackFolder[],
  readManifest: ManifestReader,
): Promise<Scanned> {
  const packs = new Map<string, Pack>();
  const refused: RefusedPack[] = [];
  for (const { path, trust, hasReceipts = false } of folders) {
    const places = await findPacks(path);
    for (const { folder, name, digest } of places.packs) {
      const read = await readManifest(folder, name);
      if (!read.ok) {
        refused.push({ folder, name, fault: read.fault });
        continue;
      }
      const { manifest, bytes } = read.value;
      const ref = `${manifest.id}@${manifest.version}`;
      const sizeBytes = manifest.files.reduce((sum, file) => sum + file.size, bytes);
      const signed = hasReceipts ? await readReceipt(folder) : null;
      const isSigned = signed?.digest === read.value.digest && signed.signer !== null;
      const found = {
        ref,
        folder,
        manifest,
        digest: read.value.digest,
        trust: isSigned ? 'signed' : trust,
        sizeBytes,
        labelCount: 0,
      } satisfies Pack;
      // Counted during the scan, so that a new version has its label count from its first request on.
      const labels = await readLabels(found);
      const pack: Pack = { ...found, labelCount: labels.ok ? labels.value.length : 0 };
      const why = misplaced(pack, digest, packs.get(ref));
      if (why) refused.push({ folder, name, fault: fault('pack-unreadable', { pack: ref, reason: why }) });
      else if (!packs.has(ref)) packs.set(ref, pack);
    }
    refused.push(...places.refused);
  }
  return { packs: [...packs.values()], refused };
}

type Place = { readonly folder: string; readonly name: string; readonly digest: string | null };
type Places = { readonly packs: readonly Place[]; readonly refused: readonly RefusedPack[] };
const nothing: Places = { packs: [], refused: [] };

/** The folder itself if it is a pack, else `<id>/` and `<id>/<version>-<digest12>/` in it. */
async function findPacks(path: string): Promise<Places> {
  const top = await list(path);
  if (!top.ok) return top.isAbsent ? nothing : refuse(path, top.reason);
  const folder = await realpath(path);
  const itself: readonly Place[] = looksLikePack(top.entries)
    ? [{ folder, name: basename(folder), digest: null }]
    : [];
  // A loose model file among packs is refused without hiding the packs.
  if (hasManifest(top.entries)) return { packs: itself, refused: [] };
  const below = await Promise.all(
    subfolders(top.entries).map((name) => findVersions(join(folder, name), name)),
  );
  return {
    packs: [...itself, ...below.flatMap(({ packs }) => packs)],
    refused: below.flatMap(({ refused }) => refused),
  };
}

async function findVersions(path: string, id: string): Promise<Places> {
  const here = await list(path);
  // A link to a file or to nothing is not a pack.
  if (!here.ok) return here.isAbsent ? nothing : refuse(path, here.reason);
  const folder = await realpath(path);
  if (looksLikePack(here.entries)) return { packs: [{ folder, name: id, digest: null }], refused: [] };
  const packs = subfolders(here.entries).flatMap((version) => {
    const digest = versionFolder.exec(version)?.groups?.['digest'];
    return digest === undefined ? [] : [{ folder: join(folder, version), name: `${id}/${version}`, digest }];
  });
  return { packs, refused: [] };
}

/** A folder with a model but no manifest is refused as an incomplete pack. */
function looksLikePack(entries: readonly Dirent[]): boolean {
  return hasManifest(entries) || entries.some(({ name }) => /\.onnx$/iu.test(name));
}

const hasManifest = (entries: readonly Dirent[]): boolean =>
  entries.some(({ name }) => name === manifestName);

/** Sorted by name, so that scans are reproducible. Names that start with a dot are incomplete copies or hidden. */
function subfolders(entries: readonly Dirent[]): readonly string[] {
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}

function misplaced({ ref, digest }: Pack, named: string | null, other: Pack | undefined): Reason | null {
  if (named !== null && !digest.startsWith(`sha256:${named}`))
    return reason('folder-of-other-manifest', { digest: named });
  return other && other.digest !== digest
    ? reason('same-elsewhere', { model: ref, folder: other.folder })
    : null;
}

type Listed =
  | { readonly ok: true; readonly entries: readonly Dirent[] }
  | { readonly ok: false; readonly isAbsent: boolean; readonly reason: Reason };

async function list(path: string): Promise<Listed> {
  try {
    return { ok: true, entries: await readdir(path, { withFileTypes: true }) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { ok: false, isAbsent: code === 'ENOENT' || code === 'ENOTDIR', reason: systemReason(error) };
  }
}

function refuse(folder: string, why: Reason): Places {
  const name = basename(folder);
  return {
    packs: [],
    refused: [{ folder, name, fault: fault('pack-unreadable', { pack: name, reason: why }) }],
  };
}
