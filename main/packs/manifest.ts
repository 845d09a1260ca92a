import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { Digest } from '../../contract/ids.ts';
import { Version } from '../../contract/ids.ts';
import { Manifest } from '../../contract/packs/manifest.ts';
import { PackPath } from '../../contract/packs/pack-path.ts';
import { allOf, detail, reason, reasonAt, type Reason } from '../../contract/faults/reasons.ts';
import { sha256Of } from '../lib/sha256.ts';
import { findContradictions } from './coherence.ts';
import { readPlainFile } from './plain-file.ts';
import { describeIssues } from './issues.ts';
import { compareVersions } from './versions.ts';

export const manifestName = 'manifest.json';
export const manifestLimit = 4 * 1024 ** 2;

const mostRemembered = 1_000;

type ReadManifest = { readonly manifest: Manifest; readonly digest: Digest; readonly bytes: number };

export type ManifestReader = (folder: string, name: string) => Promise<Outcome<ReadManifest>>;

/** A reader that caches valid manifests by digest, so that another scan validates only new ones. */
export function createManifestReader(appVersion: string): ManifestReader {
  const sound = new Map<Digest, Manifest>();
  return async (folder, name) => {
    const read = await readBytes(folder, name);
    if (!read.ok) return read;
    const { bytes, digest } = read.value;
    const known = sound.get(digest);
    if (known) return ok({ manifest: known, digest, bytes: bytes.byteLength });
    const parsed = parseManifest(bytes, name, appVersion);
    if (!parsed.ok) return parsed;
    if (sound.size >= mostRemembered) sound.clear();
    sound.set(digest, parsed.value);
    return ok({ manifest: parsed.value, digest, bytes: bytes.byteLength });
  };
}

/** Reads and validates a folder's manifest.json. `name` is the pack's name in faults. */
export const readManifest = (
  folder: string,
  name: string,
  appVersion: string,
): Promise<Outcome<ReadManifest>> => createManifestReader(appVersion)(folder, name);

async function readBytes(
  folder: string,
  name: string,
): Promise<Outcome<{ readonly bytes: Uint8Array; readonly digest: Digest }>> {
  const read = await readPlainFile(folder, manifestName, manifestLimit);
  if (!read.ok) {
    const { why } = read;
    if (why.kind === 'missing') return failed('pack-file-missing', { pack: name, file: manifestName });
    if (why.kind === 'not-plain')
      return failed('pack-file-link', { pack: name, file: manifestName, what: why.what });
    if (why.kind === 'size')
      return invalid(
        name,
        reason('too-many-bytes', { file: manifestName, size: why.size, limit: manifestLimit }),
      );
    return failed('pack-unreadable', { pack: name, reason: reasonAt(manifestName, why.reason) });
  }
  return ok({ bytes: read.bytes, digest: sha256Of(read.bytes) });
}

/** Parses and validates a manifest; the fault lists everything that is wrong. */
export function parseManifest(bytes: Uint8Array, name: string, appVersion: string): Outcome<Manifest> {
  let raw: unknown;
  try {
    raw = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return invalid(name, reason('not-json', { detail: detail((error as Error).message) }));
  }
  // Checked first: a newer Outpost's manifest may have fields that this version does not know.
  const needed = field(raw, 'minimumAppVersion');
  if (Version.safeParse(needed).success && compareVersions(String(needed), appVersion) > 0) {
    return failed('pack-app-too-old', { pack: name, needed: String(needed), version: appVersion });
  }
  const outside = firstOutside(raw);
  if (outside !== undefined) return failed('pack-path-outside', { pack: name, file: outside });
  const parsed = Manifest.safeParse(raw);
  if (!parsed.success) return invalid(name, detail(describeIssues(parsed.error)));
  const clash = firstClash(parsed.data.files.map(({ path }) => path));
  if (clash !== undefined) return failed('pack-path-clash', { pack: name, file: clash });
  const [first, ...rest] = findContradictions(parsed.data);
  return first ? invalid(name, allOf([first, ...rest])) : ok(parsed.data);
}

const invalid = (pack: string, why: Reason): Outcome<never> =>
  failed('pack-manifest-invalid', { pack, reason: why });

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A path that leads out of the pack gets a fault of its own, since it may be an attack. */
function firstOutside(raw: unknown): string | undefined {
  const paths = [
    ...list(field(raw, 'files')).map((file) => field(file, 'path')),
    ...list(field(raw, 'variants')).map((variant) => field(variant, 'file')),
    ...list(field(raw, 'samples')).map((sample) => field(sample, 'file')),
    ...['labels', 'card', 'golden'].map((key) => field(raw, key)),
  ];
  return paths.find((path): path is string => {
    if (typeof path !== 'string') return false;
    const { error } = PackPath.safeParse(path);
    return error?.issues.some(({ code }) => code === 'custom') ?? false;
  });
}

/** Folder names count too: `A/x` and `a/y` are in one folder on some disks and in two on others. */
function firstClash(paths: readonly string[]): string | undefined {
  const spellings = new Map([[manifestName, manifestName]]);
  const listed = new Set([manifestName]);
  for (const path of paths) {
    if (listed.has(path)) return path;
    listed.add(path);
    const steps = path.split('/');
    for (let length = 1; length <= steps.length; length += 1) {
      const place = steps.slice(0, length).join('/');
      const folded = place.normalize('NFC').toLowerCase();
      const spelling = spellings.get(folded) ?? place;
      if (spelling !== place) return place;
      spellings.set(folded, place);
    }
  }
  return undefined;
}
