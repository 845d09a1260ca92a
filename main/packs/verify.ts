import { performance } from 'node:perf_hooks';
import { fault, ok } from '../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import type { PackFile } from '../../contract/packs/manifest.ts';
import { reasonAt } from '../../contract/faults/reasons.ts';
import type { VerifyReport } from '../../contract/packs/model.ts';
import type { Pack } from './types.ts';
import { hexOf } from '../lib/sha256.ts';
import { validateModel } from './graph/models.ts';
import { manifestName } from './manifest.ts';
import { measureFile } from './plain-file.ts';
import type { Unread } from './plain-file.ts';
import { walk } from './walk.ts';
import type { Found } from './walk.ts';

type Expected = { readonly path: string; readonly size: number | null; readonly sha256: string };
type Row = { readonly path: string; readonly fault: Fault | null };

/** Verifies size and SHA-256 of every file, that there are no others, and that no model refers to any. */
export async function verifyPack(pack: Pack): Promise<VerifyReport> {
  const begun = performance.now();
  const rows = compareFiles(pack, await walk(pack.folder));
  const files: Row[] = [];
  for (const { expected, row } of rows) {
    files.push(row.fault || !expected ? row : { path: row.path, fault: await verifyBytes(pack, expected) });
  }
  return {
    model: pack.ref,
    at: new Date().toISOString(),
    files,
    passed: files.every((file) => file.fault === null),
    durationMs: performance.now() - begun,
  };
}

/**
 * Caches successful verifications for the process, as long as no file's device, inode, size or times have changed.
 * Concurrent callers share one. A pack that failed is verified again each time.
 */
export function createProver(): (pack: Pack) => Promise<Outcome<void>> {
  const proved = new Map<string, string>();
  const underWay = new Map<string, Promise<Outcome<void>>>();
  const prove = async (pack: Pack, key: string): Promise<Outcome<void>> => {
    // Read before the content: a file that changes meanwhile has another identity next time.
    const found = await walk(pack.folder);
    const rows = compareFiles(pack, found);
    const wrong = rows.find(({ row }) => row.fault)?.row.fault;
    if (wrong) return { ok: false, fault: wrong };
    const identity = describe(found);
    if (proved.get(key) === identity) return ok(undefined);
    for (const { expected } of rows) {
      const fault = expected && (await verifyBytes(pack, expected));
      if (fault) return { ok: false, fault };
    }
    proved.set(key, identity);
    return ok(undefined);
  };
  return (pack) => {
    const key = `${pack.digest} ${pack.folder}`;
    const running = underWay.get(key) ?? prove(pack, key).finally(() => underWay.delete(key));
    underWay.set(key, running);
    return running;
  };
}

/** Checks that need no content: the manifest's files in its order, then the manifest, then what else is there. */
function compareFiles(
  pack: Pack,
  found: ReadonlyMap<string, Found>,
): readonly { readonly expected: Expected | null; readonly row: Row }[] {
  const expected: readonly Expected[] = [
    ...pack.manifest.files,
    // The manifest's size is not recorded, but its digest is that of the pack.
    { path: manifestName, size: null, sha256: hexOf(pack.digest) },
  ];
  const listed = new Set(expected.map(({ path }) => path));
  const extra = [...found.keys()].filter((path) => !listed.has(path)).sort();
  return [
    ...expected.map((file) => ({
      expected: file,
      row: { path: file.path, fault: verifyPlace(pack, file, found) },
    })),
    ...extra.map((path) => ({
      expected: null,
      row: { path, fault: describeExtra(pack, path, found.get(path)) },
    })),
  ];
}

function verifyPlace(pack: Pack, { path, size }: Expected, found: ReadonlyMap<string, Found>): Fault | null {
  const here = found.get(path);
  if (!here) {
    // A path component that is a link, or that may not be read, was not walked into.
    const above = [...found.keys()].find((place) => path.startsWith(`${place}/`));
    return above === undefined
      ? fault('pack-file-missing', { pack: pack.ref, file: path })
      : describeExtra(pack, above, found.get(above));
  }
  if (here.kind !== 'file') return describeExtra(pack, path, here);
  return size === null || here.size === size ? null : sizeFault(pack, { path, size }, here.size);
}

function describeExtra(pack: Pack, path: string, here: Found | undefined): Fault {
  if (here?.kind === 'not-plain')
    return fault('pack-file-link', { pack: pack.ref, file: path, what: here.what });
  if (here?.kind === 'unreadable')
    return fault('pack-unreadable', { pack: pack.ref, reason: reasonAt(path, here.reason) });
  return fault('pack-file-extra', { pack: pack.ref, file: path });
}

async function verifyBytes(pack: Pack, { path, size, sha256 }: Expected): Promise<Fault | null> {
  const measured = await measureFile(pack.folder, path, size);
  if (!measured.ok) return unreadFault(pack.ref, { path, size: size ?? 0 }, measured.why);
  if (measured.sha256 !== sha256) return fault('pack-file-digest', { pack: pack.ref, file: path });
  // A model may refer to other files: checked here, before a runtime opens it.
  const isModel = pack.manifest.variants.some(({ file }) => file === path);
  return isModel ? validateModel(pack.folder, pack.manifest, path) : null;
}

/** The fault of a listed file that could not be read as the manifest describes it. */
export function unreadFault(pack: string, file: Pick<PackFile, 'path' | 'size'>, why: Unread): Fault {
  switch (why.kind) {
    case 'missing':
      return fault('pack-file-missing', { pack, file: file.path });
    case 'not-plain':
      return fault('pack-file-link', { pack, file: file.path, what: why.what });
    case 'size':
      return fault('pack-file-size', { pack, file: file.path, size: why.size, expected: file.size });
    case 'unreadable':
      return fault('pack-unreadable', { pack, reason: reasonAt(file.path, why.reason) });
  }
}

const sizeFault = (pack: Pack, file: Pick<PackFile, 'path' | 'size'>, size: number): Fault =>
  unreadFault(pack.ref, file, { kind: 'size', size });

/** Text that differs whenever the identity of any file does. */
function describe(found: ReadonlyMap<string, Found>): string {
  return [...found]
    .map(([path, here]) => `${path} ${here.kind === 'file' ? here.identity : here.kind}`)
    .sort()
    .join('\n');
}
