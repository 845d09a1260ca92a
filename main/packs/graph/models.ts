import { join } from 'node:path';
import { fault } from '../../../contract/faults.ts';
import type { Fault } from '../../../contract/faults.ts';
import { Labels } from '../../../contract/manifest.ts';
import type { Manifest } from '../../../contract/manifest.ts';
import { reason, type Reason } from '../../../contract/reasons.ts';
import { namedScores, scoredOutput, valuesPerItem } from '../../../contract/scored-output.ts';
import { readPlainFile } from '../plain-file.ts';
import { checkExternal } from './external.ts';
import { findMisfit } from './face.ts';
import type { Graph } from './graph.ts';
import { readGraph } from './read.ts';

/** The first thing that is wrong with a pack's model file: it cannot be read, refers to what is not in the pack, or is not what the manifest says. */
export async function judgeModel(folder: string, manifest: Manifest, place: string): Promise<Fault | null> {
  const graph = await readGraph(join(folder, place), place);
  if (!graph.ok) return graph.fault;
  const listed = new Set(manifest.files.map(({ path }) => path));
  const checked = checkExternal(graph.value, { place, listed });
  if (!checked.ok) return checked.fault;
  const why = findMisfit(manifest, graph.value) ?? (await unlabelled(folder, manifest, graph.value));
  return why === null ? null : fault('onnx-mismatch', { file: place, reason: why });
}

/** The first thing that is wrong with any of a pack's model files. */
export async function judgeModels(folder: string, manifest: Manifest): Promise<Fault | null> {
  for (const { file } of manifest.variants) {
    const wrong = await judgeModel(folder, manifest, file);
    if (wrong) return wrong;
  }
  return null;
}

/** One label for each value of the scored output, where the graph says how many those are. */
async function unlabelled(folder: string, manifest: Manifest, { outputs }: Graph): Promise<Reason | null> {
  const { labels, task, postprocessing } = manifest;
  const isScored = task === 'image-classification' || namedScores(postprocessing) !== null;
  const size = manifest.files.find(({ path }) => path === labels)?.size;
  if (labels === undefined || !isScored || size === undefined) return null;
  const scored = outputs.find(({ name }) => name === scoredOutput(manifest)?.name);
  const count = scored ? valuesPerItem(scored.shape) : null;
  if (typeof count !== 'number') return null;
  const read = await readPlainFile(folder, labels, size);
  // What is no list of labels has a fault of its own when it is read.
  const parsed = read.ok ? Labels.safeParse(parse(read.bytes)) : null;
  return !parsed?.success || parsed.data.length === count
    ? null
    : reason('values-unlike-labels', {
        name: scored?.name ?? '',
        values: count,
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
