import { join } from 'node:path';
import { fault } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import { Labels } from '../../../contract/packs/labels.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';
import { reason, type Reason } from '../../../contract/faults/reasons.ts';
import { taskOf } from '../../../contract/tasks/index.ts';
import { readPlainFile } from '../plain-file.ts';
import { checkExternal } from './external.ts';
import { findMisfit } from './inputs-outputs.ts';
import { areAlike } from '../../../contract/tensors/tensor.ts';
import type { Graph } from './graph.ts';
import { readGraph } from './read.ts';

/**
 * The first fault of a model file: it cannot be read, refers to files outside the pack, or does not match the manifest.
 */
export async function validateModel(
  folder: string,
  manifest: Manifest,
  place: string,
): Promise<Fault | null> {
  const graph = await readGraph(join(folder, place), place);
  if (!graph.ok) return graph.fault;
  const listed = new Set(manifest.files.map(({ path }) => path));
  const checked = checkExternal(graph.value, { place, listed });
  if (!checked.ok) return checked.fault;
  // The manifest's types are those of its first variant; another may store the same floats in other bits.
  const fits = place === manifest.variants[0]?.file ? isSameType : areAlike;
  const why = findMisfit(manifest, graph.value, fits) ?? (await unlabelled(folder, manifest, graph.value));
  return why === null ? null : fault('onnx-mismatch', { file: place, reason: why });
}

const isSameType = (found: string, promised: string): boolean => found === promised;

/** The first fault of any of a pack's model files. */
export async function validateModels(folder: string, manifest: Manifest): Promise<Fault | null> {
  for (const { file } of manifest.variants) {
    const wrong = file === undefined ? null : await validateModel(folder, manifest, file);
    if (wrong) return wrong;
  }
  return null;
}

/** Checks that there is one label per score, where the graph states how many scores there are. */
async function unlabelled(folder: string, manifest: Manifest, { outputs }: Graph): Promise<Reason | null> {
  const { labels, task } = manifest;
  const labelled = taskOf(task).labelled(manifest, outputs);
  const size = manifest.files.find(({ path }) => path === labels)?.size;
  if (labels === undefined || labelled === null || size === undefined) return null;
  const read = await readPlainFile(folder, labels, size);
  // An invalid labels file gets its own fault when it is read.
  const parsed = read.ok ? Labels.safeParse(parse(read.bytes)) : null;
  return !parsed?.success || parsed.data.length === labelled.count
    ? null
    : reason('values-unlike-labels', {
        name: labelled.output,
        values: labelled.count,
        file: labels,
        labels: parsed.data.length,
      });
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}
