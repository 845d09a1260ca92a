import { open, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, posix, relative } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { PackPath } from '../../../contract/packs/pack-path.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import type { ExternalTensor, Graph } from './graph.ts';

/**
 * ONNX Runtime gives names with these characters a special meaning, such as memory addresses; no file of a pack has
 * them.
 */
const forbidden = /[*?"<>|:]/u;
const backslash = 0x5c;
const slash = 0x2f;

/**
 * Normalises a location relative to the model's folder: `./w.bin`, `a//w.bin` and `a\w.bin` become `w.bin` and
 * `a/w.bin`. Null for a path outside it or an invalid name.
 */
export function insideOf(location: string): string | null {
  if (/^[/\\]/u.test(location) || forbidden.test(location)) return null;
  const path = location
    .split(/[/\\]/u)
    .filter((step) => step !== '' && step !== '.')
    .join('/');
  return PackPath.safeParse(path).success ? path : null;
}

/**
 * Resolves a location to a file. Outside Windows a backslash is an ordinary character, so an archive unpacked there may
 * have left a file with that literal name instead of a folder: it is used when the other does not exist.
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
 * Every external data file must be one of `listed`, the paths of the pack. `place` is the model's own path there, whose
 * folder locations are relative to.
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
    // Runtimes open the path as written, and only Windows accepts a backslash as separator.
    if (location.includes('\\')) return failed('onnx-external-backslash', named);
  }
  return ok(undefined);
}

/**
 * Replaces `\` by `/` in all locations of `model`, in place, since the length does not change. `graph` is that of
 * `model`; returns the updated one.
 */
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

/** A data file: its location as first written, and its minimum size. */
export type Weights = { readonly location: string; readonly bytes: number };

/**
 * The data files by path relative to the model's folder. Invalid locations are skipped; `checkExternal` reports them.
 */
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

/** Checks that a data file is as long as the model states. Throws errors of the file system. */
export async function checkLength(
  data: string,
  { file, location, bytes }: Weights & { readonly file: string },
): Promise<Outcome<void>> {
  const { size } = await stat(data);
  return size < bytes ? failed('onnx-external-short', { file, location, size, bytes }) : ok(undefined);
}

/** The resolved path relative to `root` if it is outside; null when it is inside. Throws errors of the file system. */
export async function leadsOutside(root: string, file: string): Promise<string | null> {
  const real = relative(root, await realpath(file));
  // Kubernetes' `..data` is a folder inside, not a parent.
  return /^\.\.(?:[/\\]|$)/u.test(real) || isAbsolute(real) ? real : null;
}

/**
 * Whether a data file's symbolic link leads out of the model's folder. The folder that the model's own link leads to is
 * allowed, as in the caches of model hubs.
 */
export async function leavesModel(model: string, data: string): Promise<string | null> {
  const beside = await leadsOutside(await realpath(dirname(model)), data);
  if (beside === null) return null;
  return (await leadsOutside(dirname(await realpath(model)), data)) === null ? null : beside;
}
