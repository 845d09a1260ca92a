import { posix } from 'node:path';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { PackPath } from '../../../contract/manifest.ts';
import type { Graph } from './graph.ts';

/** ONNX Runtime takes such names for addresses in memory and the like; no file of a pack is called so. */
const strange = /[*?"<>|:]/u;

/**
 * Every file that the model's tensors lie in must be one of `listed`, the paths of the pack. `place` is the model's own
 * path there: locations are told from its folder.
 */
export function checkExternal(
  graph: Graph,
  { place, listed }: { readonly place: string; readonly listed: ReadonlySet<string> },
): Outcome<void> {
  for (const { tensor, location } of graph.external) {
    if (location === null)
      return failed('onnx-unreadable', {
        file: graph.file,
        reason: `tensor ${tensor} lies in another file, which it does not name`,
      });
    const named = { file: graph.file, tensor, location };
    if (!PackPath.safeParse(location).success || strange.test(location))
      return failed('onnx-external-outside', named);
    if (!listed.has(posix.join(posix.dirname(place), location))) return failed('onnx-external-data', named);
  }
  return ok(undefined);
}
