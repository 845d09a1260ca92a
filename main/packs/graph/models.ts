import { join } from 'node:path';
import type { Fault } from '../../../contract/faults.ts';
import type { Manifest } from '../../../contract/manifest.ts';
import { checkExternal } from './external.ts';
import { readGraph } from './read.ts';

/** The first thing that is wrong with a pack's model file: it cannot be read, or it refers to what is not in the pack. */
export async function judgeModel(folder: string, manifest: Manifest, place: string): Promise<Fault | null> {
  const graph = await readGraph(join(folder, place), place);
  if (!graph.ok) return graph.fault;
  const listed = new Set(manifest.files.map(({ path }) => path));
  const checked = checkExternal(graph.value, { place, listed });
  return checked.ok ? null : checked.fault;
}

/** The first thing that is wrong with any of a pack's model files. */
export async function judgeModels(folder: string, manifest: Manifest): Promise<Fault | null> {
  for (const { file } of manifest.variants) {
    const fault = await judgeModel(folder, manifest, file);
    if (fault) return fault;
  }
  return null;
}
