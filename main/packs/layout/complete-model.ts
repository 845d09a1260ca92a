import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import { diskFault } from '../disk-fault.ts';
import { checkLength, findData, leadsOutside, weightsOf } from '../graph/external.ts';
import type { Graph } from '../graph/graph.ts';
import { readGraph } from '../graph/read.ts';
import type { BareModel } from './read.ts';

/** A file modified less than this long ago may still be copied: it is inspected twice. */
const freshMs = 10_000;

type CompleteModel = {
  readonly graph: Graph;
  /** Fingerprint of names, sizes and times of all its files. */
  readonly print: string;
};

/**
 * Reads a model that is complete: the graph can be read to its end, external data is as long as the model states, and
 * no file grows.
 */
export async function readCompleteModel(
  { file }: BareModel,
  {
    root,
    extra,
    settleMs,
  }: { readonly root: string; readonly extra: readonly string[]; readonly settleMs: number },
): Promise<Outcome<CompleteModel>> {
  const graph = await readGraph(file);
  if (!graph.ok) return graph;
  try {
    const weights = [...weightsOf(graph.value).values()];
    const needed = await Promise.all(
      weights.map(async (each) => ({ ...each, data: await findData(dirname(file), each.location) })),
    );
    const files = [file, ...needed.map(({ data }) => data), ...extra];
    for (const each of files) {
      const real = await leadsOutside(root, each);
      if (real !== null)
        return failed('onnx-external-outside', {
          file: basename(file),
          tensor: basename(each),
          location: real,
        });
    }
    const before = await printOf(root, files);
    for (const { location, bytes, data } of needed) {
      const long = await checkLength(data, { file: basename(file), location, bytes });
      if (!long.ok) return long;
    }
    if (before.newest < Date.now() - freshMs) return ok({ graph: graph.value, print: before.text });
    await sleep(settleMs);
    const after = await printOf(root, files);
    return before.text === after.text
      ? ok({ graph: graph.value, print: before.text })
      : failed('model-left-out', {
          file,
          reason: reason('still-written'),
          advice: reason('reload-when-whole'),
        });
  } catch (error) {
    return diskFault(error, (error as NodeJS.ErrnoException).path ?? file);
  }
}

/** Includes inode and change time: an unpacked image may have other bytes with the same size and date. */
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
