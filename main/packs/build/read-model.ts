import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import { diskFault } from '../disk-fault.ts';
import type { Graph } from '../graph/graph.ts';
import { readGraph } from '../graph/read.ts';
import { cutTails } from './cut-tails.ts';
import type { Cut } from './cut-tails.ts';
import type { Facts } from './facts.ts';
import type { BuildRequest } from './request.ts';

export type ReadModel = Graph & {
  /** Null where nothing was to be cut. */ readonly cuts: readonly Cut[] | null;
};

/** Reads a model file's graph as it will be in the pack. */
export async function readModel(
  { cutTails: isCut }: Pick<BuildRequest, 'cutTails'>,
  file: string,
): Promise<Outcome<ReadModel>> {
  const graph = await readGraph(file);
  if (!graph.ok || !isCut) return graph.ok ? ok({ ...graph.value, cuts: null }) : graph;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    return diskFault(error, file);
  }
  const { model, cuts } = cutTails(bytes);
  const cut = await readGraph(model, basename(file));
  return cut.ok ? ok({ ...cut.value, cuts }) : cut;
}

/** Adds notes about what was cut; the class names of a removed map become the labels if there are no others. */
export function withCuts(facts: Facts, cuts: ReadModel['cuts']): Facts {
  if (cuts === null) return facts;
  const notes = cuts.map(({ output, operator, tensors }) =>
    reason(tensors.length === 1 ? 'tail-cut-one' : 'tail-cut-more', {
      output,
      operator,
      tensors: tensors.join(', '),
    }),
  );
  const none = reason('no-tail-to-cut');
  const named = cuts.flatMap(({ classes }) => (classes === null ? [] : [classes]));
  return {
    ...facts,
    labels: facts.labels ?? (named.length === 1 ? named[0]! : null),
    notes: [...facts.notes, ...(notes.length > 0 ? notes : [none])],
  };
}
