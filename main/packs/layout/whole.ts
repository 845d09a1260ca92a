import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { diskFault } from '../disk-fault.ts';
import { insideOf } from '../graph/external.ts';
import type { Graph } from '../graph/graph.ts';
import { readGraph } from '../graph/read.ts';
import type { BareModel } from './read.ts';

/** A file that was written to so lately may be on its way still: it is looked at twice. */
const freshMs = 10_000;

export type Whole = {
  readonly graph: Graph;
  /** Names, sizes and times of every file that it is made of: the same text, the same model. */
  readonly print: string;
};

/** A model of which everything is there: the graph is read to its end, weights beside it are as long as it says, and nothing grows. */
export async function readWhole(
  { file }: BareModel,
  {
    root,
    extra,
    settleMs,
  }: { readonly root: string; readonly extra: readonly string[]; readonly settleMs: number },
): Promise<Outcome<Whole>> {
  const graph = await readGraph(file);
  if (!graph.ok) return graph;
  const needed = weightsOf(graph.value);
  const files = [file, ...[...needed.keys()].map((location) => join(dirname(file), location)), ...extra];
  try {
    for (const each of files) {
      const real = relative(root, await realpath(each));
      if (isOutside(real))
        return failed('onnx-external-outside', {
          file: basename(file),
          tensor: basename(each),
          location: real,
        });
    }
    const before = await printOf(root, files);
    for (const [location, bytes] of needed) {
      const { size } = await stat(join(dirname(file), location));
      if (size < bytes) return failed('onnx-external-short', { file: basename(file), location, size, bytes });
    }
    if (before.newest < Date.now() - freshMs) return ok({ graph: graph.value, print: before.text });
    await sleep(settleMs);
    const after = await printOf(root, files);
    return before.text === after.text
      ? ok({ graph: graph.value, print: before.text })
      : failed('model-left-out', {
          file,
          reason: 'it is still being written',
          advice: 'Reload when it is there whole (SIGHUP), or start again.',
        });
  } catch (error) {
    return diskFault(error, (error as NodeJS.ErrnoException).path ?? file);
  }
}

/** Kubernetes' own `..data` is a folder inside. */
const isOutside = (path: string): boolean => /^\.\.(?:[/\\]|$)/u.test(path) || isAbsolute(path);

/** Files of weights and how many bytes each has at least. What may not be followed is refused when the pack is made. */
function weightsOf({ external }: Graph): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  for (const { location, offset, length } of external) {
    const path = location === null ? null : insideOf(location);
    if (path === null) continue;
    const end = Number(offset ?? 0) + Number(length ?? 0);
    ends.set(path, Math.max(ends.get(path) ?? 0, Number.isFinite(end) ? end : 0));
  }
  return ends;
}

/** With inode and time of change: an unpacked image may give other bytes the same size and date. */
async function printOf(root: string, files: readonly string[]): Promise<{ text: string; newest: number }> {
  const entries = await Promise.all(files.map((file) => stat(file)));
  const lines = entries.map(({ size, mtimeMs, ctimeMs, ino }, at) =>
    [files[at], size, mtimeMs, ctimeMs, ino].join(' '),
  );
  return {
    text: [root, ...lines].join('\n'),
    newest: Math.max(...entries.map(({ mtimeMs }) => mtimeMs)),
  };
}
