import type { Graph, GraphOutput } from './graph.ts';
import { reason, reasonText, type Reason } from '../../../contract/reasons.ts';

/** Values that no protocol carries: of an output like this the runtime is never asked. */
const kinds: readonly GraphOutput['kind'][] = ['sequence', 'map', 'optional'];

/** Whether it is no tensor and says so. An output of which the file says nothing may be one. */
export const isLeftOut = ({ kind }: Pick<GraphOutput, 'kind'>): boolean => kinds.includes(kind);

/** What a model is asked for: everything that it gives but lists, maps and optional values. */
export const askedOutputs = ({ outputs }: Pick<Graph, 'outputs'>): readonly GraphOutput[] =>
  outputs.filter((output) => !isLeftOut(output));

/** Outputs that are lists or maps and that the model can be cut before. */
export const tailsOf = ({ outputs }: Pick<Graph, 'outputs'>): readonly string[] =>
  outputs
    .filter((output) => isLeftOut(output) && tailOperators.has(output.madeBy ?? ''))
    .map(({ name }) => name);

/** A note for each output that is left out beside tensors: what it is, and how to have its values all the same. */
export function leftOutNotes(graph: Graph): readonly Reason[] {
  if (askedOutputs(graph).length === 0) return [];
  return graph.outputs
    .filter(isLeftOut)
    .map((output) => reason('left-out-beside', { output: asReason(output), way: wayOn(output.madeBy) }));
}

/** Why a model that gives nothing else cannot be used, and the way on. */
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
/** Operators that only put tensors together: a model can be cut before them. */
export const tailOperators: ReadonlySet<string> = new Set([zipMap, 'SequenceConstruct', 'SplitToSequence']);
