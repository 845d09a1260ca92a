import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { failed } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { diskFault } from '../disk-fault.ts';
import {
  checkExternal,
  checkLength,
  findData,
  hasBackslashes,
  insideOf,
  leadsOutside,
  leavesModel,
  weightsOf,
  writeSlashes,
} from '../graph/external.ts';
import type { Weights } from '../graph/external.ts';
import type { Graph } from '../graph/graph.ts';
import { cutTails } from './cut-tails.ts';
import type { Stage } from './stage.ts';

type Copying = {
  readonly file: string;
  readonly graph: Graph;
  /** Whether unsupported outputs are cut off (cut-tails.ts); `graph` is the one after the cut. */
  readonly cutTails?: boolean;
  /** The folder that symbolic links may lead into, resolved; default: the model's own folder. */
  readonly root?: string;
};

/** Copies a model with its external data files: only files beside it, and only of the size that the model states. */
export async function copyModel(stage: Stage, copying: Copying): Promise<Outcome<void>> {
  const { file } = copying;
  const place = basename(file);
  let { graph } = copying;
  const change = async (copy: string): Promise<void> => {
    if (copying.cutTails) await writeFile(copy, cutTails(await readFile(copy)).model);
    if (hasBackslashes(graph)) graph = await writeSlashes(copy, graph);
  };
  const isChanged = copying.cutTails === true || hasBackslashes(graph);
  const copied = await stage.copy(file, place, isChanged ? change : undefined);
  if (!copied.ok) return copied;
  const wanted = weightsOf(copying.graph);
  const known = new Set(stage.files().map(({ path }) => path));
  for (const { tensor, location } of graph.external) {
    const path = location === null ? null : insideOf(location);
    if (path !== null && known.has(path)) continue;
    // Whether the path may be followed is checked before whether the file exists.
    const isInside = checkExternal(
      { ...graph, external: graph.external.filter((each) => each.location === location) },
      { place, listed: new Set(path === null ? [] : [path]) },
    );
    if (!isInside.ok) return isInside;
    const weights = path === null ? undefined : wanted.get(path);
    if (path === null || !weights) continue;
    const brought = await bring(stage, { copying, tensor, path, weights });
    if (!brought.ok) return brought;
    known.add(path);
  }
  return checkExternal(graph, { place, listed: known });
}

type Bringing = {
  readonly copying: Copying;
  readonly tensor: string;
  readonly path: string;
  readonly weights: Weights;
};

async function bring(stage: Stage, bringing: Bringing): Promise<Outcome<void>> {
  const { tensor, path, weights } = bringing;
  const { location } = weights;
  const { file: model, root } = bringing.copying;
  const file = basename(model);
  const data = await findData(dirname(model), location);
  try {
    const real = root === undefined ? await leavesModel(model, data) : await leadsOutside(root, data);
    if (real !== null) return failed('onnx-external-outside', { file, tensor, location: real });
    const long = await checkLength(data, { file, ...weights });
    if (!long.ok) return long;
  } catch (error) {
    const wrong = diskFault(error, data);
    return !wrong.ok && wrong.fault.code === 'file-not-found'
      ? failed('onnx-external-data', { file, tensor, location })
      : wrong;
  }
  return stage.copy(data, path);
}
