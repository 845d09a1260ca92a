import { posix } from 'node:path';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { PackPath } from '../../../contract/manifest.ts';
import type { Graph } from './graph.ts';

/** ONNX Runtime takes such names for addresses in memory and the like; no file of a pack is called so. */
const strange = /[*?"<>|:]/u;

/** Where a location leads, from the model's own folder: `./w.bin` and `a//w.bin` are `w.bin` and `a/w.bin`. Null for what lies outside or is no file's name. */
export function insideOf(location: string): string | null {
  if (/^[/\\]/u.test(location) || strange.test(location)) return null;
  const path = location
    .split('/')
    .filter((step) => step !== '' && step !== '.')
    .join('/');
  return PackPath.safeParse(path).success ? path : null;
}

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
    const path = insideOf(location);
    if (path === null) return failed('onnx-external-outside', named);
    if (!listed.has(posix.join(posix.dirname(place), path))) return failed('onnx-external-data', named);
  }
  return ok(undefined);
}
