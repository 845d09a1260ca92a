import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Manifest, PackFile } from '../../../contract/packs/manifest.ts';
import { readLabels } from '../contents.ts';
import type { Pack } from '../types.ts';
import { readGraph } from '../graph/read.ts';
import { deltaBytes } from './delta.ts';
import { withPack } from './opened.ts';
import type { Form } from './opened.ts';

export type Change<T> = { readonly before: T; readonly after: T };
export type PackDiff = {
  readonly from: string;
  readonly to: string;
  readonly added: readonly PackFile[];
  readonly removed: readonly PackFile[];
  readonly changed: readonly { readonly path: string; readonly size: Change<number> }[];
  readonly labels: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly moved: number;
  };
  /** Manifest fields that differ. */
  readonly manifest: Readonly<Record<string, Change<unknown>>>;
  /** Download size of an update, of the second archive's size; null unless both are archives. */
  readonly delta: { readonly bytes: number; readonly of: number } | null;
  /** Differences of inputs and outputs of the model files. */
  readonly graphs: Readonly<Record<string, Change<unknown>>>;
};

type Side = {
  readonly form: Form;
  readonly ref: string;
  readonly manifest: Manifest;
  readonly labels: readonly string[];
  readonly faces: Readonly<Record<string, unknown>>;
};

/** How the second pack differs from the first. */
export async function diffPacks(from: string, to: string, appVersion: string): Promise<Outcome<PackDiff>> {
  const before = await readSide(from, appVersion);
  if (!before.ok) return before;
  const after = await readSide(to, appVersion);
  if (!after.ok) return after;
  const isArchives = before.value.form === 'archive' && after.value.form === 'archive';
  const delta = isArchives ? { bytes: await deltaBytes(from, to), of: (await stat(to)).size } : null;
  return ok({ ...compare(before.value, after.value), delta });
}

async function readSide(place: string, appVersion: string): Promise<Outcome<Side>> {
  const read = await withPack(place, appVersion, async (pack): Promise<Outcome<Side>> => {
    const labels = await readLabels(pack);
    if (!labels.ok) return labels;
    const faces = await readFaces(pack);
    return faces.ok
      ? ok({
          form: pack.folder === place ? 'folder' : 'archive',
          ref: pack.ref,
          manifest: pack.manifest,
          labels: labels.value.map(({ name }) => name),
          faces: faces.value,
        })
      : faces;
  });
  return read.ok ? read.value : read;
}

/** Keyed by variant, since file names may change between versions. */
async function readFaces(pack: Pack): Promise<Outcome<Record<string, unknown>>> {
  const faces: Record<string, unknown> = {};
  for (const { name, file } of pack.manifest.variants) {
    if (file === undefined) continue;
    const graph = await readGraph(join(pack.folder, file), file);
    if (!graph.ok) return graph;
    const { inputs, outputs, opsets } = graph.value;
    faces[`${name} inputs`] = inputs.map(({ name: input, type, shape }) => ({ name: input, type, shape }));
    faces[`${name} outputs`] = outputs.map(({ name: output, type, shape }) => ({
      name: output,
      type,
      shape,
    }));
    faces[`${name} opsets`] = opsets;
  }
  return ok(faces);
}

function compare(before: Side, after: Side): Omit<PackDiff, 'delta'> {
  const [old, now] = [byPath(before.manifest.files), byPath(after.manifest.files)];
  const { files: _old, ...fields } = before.manifest;
  const { files: _now, ...others } = after.manifest;
  const [oldLabels, newLabels] = [new Set(before.labels), new Set(after.labels)];
  return {
    from: before.ref,
    to: after.ref,
    added: after.manifest.files.filter(({ path }) => !old.has(path)),
    removed: before.manifest.files.filter(({ path }) => !now.has(path)),
    changed: after.manifest.files.flatMap(({ path, size, sha256 }) => {
      const known = old.get(path);
      return known && known.sha256 !== sha256 ? [{ path, size: { before: known.size, after: size } }] : [];
    }),
    labels: {
      added: after.labels.filter((name) => !oldLabels.has(name)),
      removed: before.labels.filter((name) => !newLabels.has(name)),
      moved: after.labels.filter((name, index) => oldLabels.has(name) && before.labels[index] !== name)
        .length,
    },
    manifest: differences(fields, others),
    graphs: differences(before.faces, after.faces),
  };
}

const byPath = (files: readonly PackFile[]) => new Map(files.map((file) => [file.path, file]));

function differences(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Readonly<Record<string, Change<unknown>>> {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return Object.fromEntries(
    keys
      .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
      .map((key) => [key, { before: before[key] ?? null, after: after[key] ?? null }]),
  );
}
