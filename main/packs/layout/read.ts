import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { diskFault } from '../disk-fault.ts';
import { manifestName } from '../manifest.ts';

/** An ONNX file without a manifest, in a layout that other servers use. */
export type BareModel = {
  /** The folder of its versions; null when only the server's caller knows the name. */
  readonly name: string | null;
  readonly number: number;
  readonly file: string;
  /** Folders that are searched for `config.pbtxt` and labels: the version's own, then the model's. */
  readonly beside: readonly string[];
};
export type Layout = {
  /** Resolved; no file outside it is read. */
  readonly folder: string;
  readonly hasPacks: boolean;
  readonly models: readonly BareModel[];
};

/**
 * Detects the layout of a folder of models: a pack; packs; `model.onnx` at the top, as a storage initialiser leaves it
 * in `/mnt/models`; `<name>/<int>/model.onnx` or `<int>/model.onnx`, as for Triton and TensorFlow Serving. Without
 * `model.onnx`, a single other `.onnx` file is accepted. A missing folder is a fault, an empty one is not.
 */
export async function readLayout(place: string): Promise<Outcome<Layout>> {
  try {
    const folder = await realpath(place);
    const top = await list(folder);
    const nothing: Layout = { folder, hasPacks: false, models: [] };
    if (hasManifest(top)) return ok({ ...nothing, hasPacks: true });
    const versions = await versionsIn(folder, top);
    if (versions.length > 0)
      return ok({ ...nothing, models: versions.map((each) => ({ ...each, name: null })) });
    const loose = modelFile(top);
    if (loose !== null)
      return ok({
        ...nothing,
        models: [{ name: null, number: 1, file: join(folder, loose), beside: [folder] }],
      });
    const below = await Promise.all(folders(top).map((name) => lookInto(join(folder, name))));
    return ok({
      folder,
      hasPacks: below.some(({ hasPacks }) => hasPacks),
      models: below.flatMap(({ models }) => models),
    });
  } catch (error) {
    return diskFault(error, place);
  }
}

/** One subfolder of a folder of models. */
async function lookInto(folder: string): Promise<Pick<Layout, 'hasPacks' | 'models'>> {
  const entries = await list(folder).catch(() => []);
  if (hasManifest(entries)) return { hasPacks: true, models: [] };
  const name = basename(folder);
  const versions = await versionsIn(folder, entries);
  if (versions.length > 0) return { hasPacks: false, models: versions.map((each) => ({ ...each, name })) };
  const loose = modelFile(entries);
  if (loose !== null)
    return {
      hasPacks: false,
      models: [{ name, number: 1, file: join(folder, loose), beside: [folder] }],
    };
  const below = await Promise.all(folders(entries).map((each) => list(join(folder, each)).catch(() => [])));
  return { hasPacks: below.some(hasManifest), models: [] };
}

/** Integers, leading zeros allowed; of two names for the same number, the first in sort order. */
async function versionsIn(
  folder: string,
  entries: readonly Dirent[],
): Promise<readonly Omit<BareModel, 'name'>[]> {
  const found = new Map<number, Omit<BareModel, 'name'>>();
  for (const name of folders(entries).filter((each) => /^\d+$/u.test(each))) {
    const version = join(folder, name);
    const file = modelFile(await list(version).catch(() => []));
    if (file !== null && !found.has(Number(name)))
      found.set(Number(name), { number: Number(name), file: join(version, file), beside: [version, folder] });
  }
  return [...found.values()].sort((one, other) => one.number - other.number);
}

function modelFile(entries: readonly Dirent[]): string | null {
  const files = entries
    .filter((entry) => !entry.isDirectory() && /^[^.].*\.onnx$/iu.test(entry.name))
    .map(({ name }) => name);
  if (files.includes('model.onnx')) return 'model.onnx';
  return files.length === 1 ? files[0]! : null;
}

const hasManifest = (entries: readonly Dirent[]): boolean =>
  entries.some(({ name }) => name === manifestName);

/** Names that start with a dot are incomplete copies or Kubernetes' own. */
const folders = (entries: readonly Dirent[]): readonly string[] =>
  entries
    .filter((entry) => !entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();

async function list(folder: string): Promise<readonly Dirent[]> {
  if (!(await stat(folder)).isDirectory()) return [];
  return readdir(folder, { withFileTypes: true });
}
