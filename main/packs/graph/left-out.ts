import type { Graph, GraphOutput } from './graph.ts';
import { reason, reasonText, type Reason } from '../../../contract/reasons.ts';

/** Values that no protocol carries: of an output like this the runtime is never asked. */
const kinds: readonly GraphOutput['kind'][] = ['sequence', 'map', 'optional'];

/** Whether it is no tensor and says so. An output of which the file says nothing may be one. */
export const isLeftOut = ({ kind }: Pick<GraphOutput, 'kind'>): boolean => kinds.includes(kind);

/** What a model is asked for: everything that it gives but lists, maps and optional values. */
export const askedOutputs = ({ outputs }: Pick<Graph, 'outputs'>): readonly GraphOutput[] =>
  outputs.filter((output) => !isLeftOut(output));

/** A sentence for each output that is left out beside tensors: what it is, and how to have its values all the same. */
export function leftOutNotes(graph: Graph): readonly string[] {
  if (askedOutputs(graph).length === 0) return [];
  return graph.outputs
    .filter(isLeftOut)
    .map((output) => `The output ${describe(output)}: it is left out.${advice(output)}`);
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
const describe = ({ name, kind, madeBy }: GraphOutput): string =>
  `${name} is ${kind === 'optional' ? 'an optional value' : `a ${kind}`}${madeBy === null ? '' : ` made by ${madeBy}`}, not a tensor`;

/** Operators that only put tensors together: a model can be cut before them. */
export const tailOperators: ReadonlySet<string> = new Set([zipMap, 'SequenceConstruct', 'SplitToSequence']);

function advice({ madeBy }: GraphOutput): string {
  const cut = tailOperators.has(madeBy ?? '')
    ? ` or make a pack of it by pack build --cut-tails, which cuts it before ${madeBy}`
    : '';
  return madeBy === zipMap
    ? ` To have its values, export with options={"zipmap": False} (skl2onnx)${cut}.`
    : ` To have its values, export the model with the tensors as outputs${cut}.`;
}
