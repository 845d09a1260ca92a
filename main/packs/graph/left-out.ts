import type { Graph, GraphOutput } from './graph.ts';
import { reason, reasonText, type Reason } from '../../../contract/faults/reasons.ts';

/** Kinds of values that no protocol can carry: such outputs are not requested from the runtime. */
const kinds: readonly GraphOutput['kind'][] = ['sequence', 'map', 'optional'];

/** Whether an output is declared as something other than a tensor. One without a declared type may be a tensor. */
export const isLeftOut = ({ kind }: Pick<GraphOutput, 'kind'>): boolean => kinds.includes(kind);

/** The outputs requested from the runtime: all but sequences, maps and optional values. */
export const askedOutputs = ({ outputs }: Pick<Graph, 'outputs'>): readonly GraphOutput[] =>
  outputs.filter((output) => !isLeftOut(output));

/** Outputs that are lists or maps and can be cut off (cut-tails.ts). */
export const tailsOf = ({ outputs }: Pick<Graph, 'outputs'>): readonly string[] =>
  outputs
    .filter((output) => isLeftOut(output) && tailOperators.has(output.madeBy ?? ''))
    .map(({ name }) => name);

/** A note for each omitted output beside tensors: what it is, and how to get its values. */
export function leftOutNotes(graph: Graph): readonly Reason[] {
  if (askedOutputs(graph).length === 0) return [];
  return graph.outputs
    .filter(isLeftOut)
    .map((output) => reason('left-out-beside', { output: asReason(output), way: wayOn(output.madeBy) }));
}

/** Why a model without any tensor output cannot be used, and what to do. */
export function onlyLeftOut({ outputs }: Graph): Reason {
  const ways = [...new Set(outputs.map(({ madeBy }) => madeBy))].map(wayOn);
  const distinct = ways.filter(
    (way, at) => ways.findIndex((each) => reasonText(each) === reasonText(way)) === at,
  );
  return reason('gives-no-tensor', {
    outputs: outputs.map(asReason).reduce((first, second) => reason('listed', { first, second })),
    way: distinct.reduce((first, second) => reason('after', { first, second })),
  });
}

function wayOn(madeBy: string | null): Reason {
  const way =
    madeBy === zipMap
      ? reason('export-without-zip-map', { options: '{"zipmap": False}' })
      : reason('export-tensors');
  return madeBy !== null && tailOperators.has(madeBy)
    ? reason('or-cut-before', { way, operator: madeBy })
    : way;
}

function asReason({ name, kind, madeBy }: GraphOutput): Reason {
  const what = kind === 'optional' ? 'an-optional-value' : kind === 'map' ? 'a-map' : 'a-sequence';
  return madeBy === null
    ? reason('is-no-tensor', { name, what: reason(what) })
    : reason('made-is-no-tensor', { name, what: reason(what), maker: madeBy });
}

const zipMap = 'ai.onnx.ml.ZipMap';
/** Operators that only combine tensors: the model can be cut before them. */
export const tailOperators: ReadonlySet<string> = new Set([zipMap, 'SequenceConstruct', 'SplitToSequence']);
