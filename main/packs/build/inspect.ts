import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';
import type { VerifyReport } from '../../../contract/packs/model.ts';
import { diskFault } from '../disk-fault.ts';
import type { Graph } from '../graph/graph.ts';
import { readGraph } from '../graph/read.ts';
import { verifyPack } from '../verify.ts';
import { factsOf } from './facts.ts';
import type { Facts } from './facts.ts';
import { notesFor, noteText } from './notes.ts';
import { withPack } from './opened.ts';

export type Inspected = {
  readonly place: string;
  readonly form: 'archive' | 'folder' | 'model';
  /** Size of the file, or of all files in the folder. */
  readonly sizeBytes: number;
  /** A pack itself carries no signature: feeds sign archives. */
  readonly signature: 'none';
  readonly digest: string | null;
  readonly manifest: Manifest | null;
  /** One per model file. */
  readonly graphs: readonly Graph[];
  /** For a bare model: what `pack build` would detect. */
  readonly facts: (Omit<Facts, 'notes' | 'taskNote'> & { readonly notes: readonly string[] }) | null;
};

/** Describes a pack or a model file without running it. */
export async function inspect(place: string, appVersion: string): Promise<Outcome<Inspected>> {
  if (/\.onnx$/iu.test(place)) return inspectModel(place);
  const opened = await withPack(place, appVersion, async (pack): Promise<Outcome<Inspected>> => {
    const graphs: Graph[] = [];
    for (const { file } of pack.manifest.variants) {
      if (file === undefined) continue;
      const graph = await readGraph(join(pack.folder, file), file);
      if (!graph.ok) return graph;
      graphs.push(graph.value);
    }
    const isFolder = pack.folder === place;
    const sizeBytes = isFolder ? pack.sizeBytes : (await stat(place)).size;
    return ok({
      place,
      form: isFolder ? 'folder' : 'archive',
      sizeBytes,
      signature: 'none',
      digest: pack.digest,
      manifest: pack.manifest,
      graphs,
      facts: null,
    });
  });
  return opened.ok ? opened.value : opened;
}

/** Checks every file of a pack against its manifest. */
export async function verify(place: string, appVersion: string): Promise<Outcome<VerifyReport>> {
  return withPack(place, appVersion, verifyPack);
}

async function inspectModel(place: string): Promise<Outcome<Inspected>> {
  const graph = await readGraph(place);
  if (!graph.ok) return graph;
  const { taskNote, notes, ...facts } = factsOf(graph.value);
  try {
    return ok({
      place,
      form: 'model',
      sizeBytes: (await stat(place)).size,
      signature: 'none',
      digest: null,
      manifest: null,
      graphs: [graph.value],
      facts: { ...facts, notes: notesFor({ notes, taskNote }, {}).map(noteText) },
    });
  } catch (error) {
    return diskFault(error, place);
  }
}
