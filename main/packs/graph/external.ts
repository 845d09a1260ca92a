import { open, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, posix, relative } from 'node:path';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { PackPath } from '../../../contract/pack-path.ts';
import { reason } from '../../../contract/reasons.ts';
import type { ExternalTensor, Graph } from './graph.ts';

/** ONNX Runtime takes such names for addresses in memory and the like; no file of a pack is called so. */
const forbidden = /[*?"<>|:]/u;
const backslash = 0x5c;
const slash = 0x2f;

/** Where a location leads, from the model's own folder: `./w.bin`, `a//w.bin` and `a\w.bin` are `w.bin` and `a/w.bin`. Null for what lies outside or is no file's name. */
export function insideOf(location: string): string | null {
  if (/^[/\\]/u.test(location) || forbidden.test(location)) return null;
  const path = location
    .split(/[/\\]/u)
    .filter((step) => step !== '' && step !== '.')
    .join('/');
  return PackPath.safeParse(path).success ? path : null;
}

/**
 * The file beside the model that a location means. Systems without drives take a backslash for a letter, so that an
 * archive unpacked there may have left a file of that very name instead of a folder: it counts where the other is absent.
 */
export async function findData(folder: string, location: string): Promise<string> {
  const place = join(folder, insideOf(location) ?? location);
  const literal = join(folder, location);
  if (!location.includes('\\') || literal === place) return place;
  const isThere = async (file: string) =>
    await stat(file).then(
      () => true,
      () => false,
    );
  return !(await isThere(place)) && (await isThere(literal)) ? literal : place;
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
        reason: reason('external-unnamed', { tensor }),
      });
    const named = { file: graph.file, tensor, location };
    const path = insideOf(location);
    if (path === null) return failed('onnx-external-outside', named);
    if (!listed.has(posix.join(posix.dirname(place), path))) return failed('onnx-external-data', named);
    // Runtimes open the text as it is written, and only Windows takes this one for a folder.
    if (location.includes('\\')) return failed('onnx-external-backslash', named);
  }
  return ok(undefined);
}

/** Writes `/` for `\` wherever `model` says where a tensor lies: as many bytes, so that nothing else moves. The graph is that of `model`; gives it as it is afterwards. */
export async function writeSlashes(model: string, graph: Graph): Promise<Graph> {
  const handle = await open(model, 'r+');
  try {
    for (const { location, span } of graph.external) {
      if (span === null || location?.includes('\\') !== true) continue;
      const bytes = Buffer.alloc(span.end - span.at);
      await handle.read(bytes, 0, bytes.byteLength, span.at);
      await handle.write(
        bytes.map((byte) => (byte === backslash ? slash : byte)),
        0,
        bytes.byteLength,
        span.at,
      );
    }
  } finally {
    await handle.close();
  }
  return { ...graph, external: graph.external.map(slashed) };
}

export const hasBackslashes = ({ external }: Graph): boolean =>
  external.some(({ location }) => location?.includes('\\') === true);

const slashed = (tensor: ExternalTensor): ExternalTensor => ({
  ...tensor,
  location: tensor.location?.replaceAll('\\', '/') ?? null,
});

/** A file beside the model, as its location was first written, and how many bytes it has at least. */
export type Weights = { readonly location: string; readonly bytes: number };

/** The files of weights by their path from the model's folder. What may not be followed is left to `checkExternal`. */
export function weightsOf({ external }: Graph): ReadonlyMap<string, Weights> {
  const found = new Map<string, Weights>();
  for (const { location, offset, length } of external) {
    const path = location === null ? null : insideOf(location);
    if (path === null || location === null) continue;
    const known = found.get(path) ?? { location, bytes: 0 };
    const end = Number(offset ?? 0) + Number(length ?? 0);
    found.set(path, { ...known, bytes: Math.max(known.bytes, Number.isFinite(end) ? end : 0) });
  }
  return found;
}

/** A data file must be as long as the model says. Throws what the file system throws. */
export async function checkLength(
  data: string,
  { file, location, bytes }: Weights & { readonly file: string },
): Promise<Outcome<void>> {
  const { size } = await stat(data);
  return size < bytes ? failed('onnx-external-short', { file, location, size, bytes }) : ok(undefined);
}

/** Where a file really lies, told from `root`, when that is outside; null when it is inside. Throws what the file system throws. */
export async function leadsOutside(root: string, file: string): Promise<string | null> {
  const real = relative(root, await realpath(file));
  // Kubernetes' own `..data` is a folder inside.
  return /^\.\.(?:[/\\]|$)/u.test(real) || isAbsolute(real) ? real : null;
}

/** Whether a link of a data file leads out of the model's folder, and not into the one that the model's own link leads to, as in the caches of hubs. */
export async function leavesModel(model: string, data: string): Promise<string | null> {
  const beside = await leadsOutside(await realpath(dirname(model)), data);
  if (beside === null) return null;
  return (await leadsOutside(dirname(await realpath(model)), data)) === null ? null : beside;
}
