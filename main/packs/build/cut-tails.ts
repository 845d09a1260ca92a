import { asBuffer } from '../../lib/as-buffer.ts';
import { editGraph, graphFields, graphOfModel, isNode } from '../../lib/onnx-graph.ts';
import { fieldsIn, lengthField, numberField, partsIn, signedIn, textIn } from '../../lib/proto-fields.ts';
import type { ProtoField } from '../../lib/proto-fields.ts';
import { tailOperators } from '../graph/left-out.ts';

export type Cut = {
  /** The removed output, a list or a map. */
  readonly output: string;
  readonly operator: string;
  /** The tensors it was made of, which are outputs now. */
  readonly tensors: readonly string[];
  /** Class names from a removed map; null when it had none. */
  readonly classes: readonly string[] | null;
};
type CutModel = { readonly model: Uint8Array; readonly cuts: readonly Cut[] };

/*
 * … ── scores ──> ZipMap ── zipped ──>        … ── scores ──>
 *
 * An output that is a list or map is replaced by the input tensors of the operator that makes it, and the operator is
 * removed unless its output is used elsewhere. All else stays byte for byte. Throws a RangeError for what is not
 * protobuf.
 */
export function cutTails(model: Uint8Array): CutModel {
  const graphs = partsIn(model, graphOfModel);
  const [graph] = graphs;
  if (!graph || graphs.length > 1) return { model, cuts: [] };
  const nodes = [...fieldsIn(graph)].filter(isNode).map(nodeIn);
  const outputs = partsIn(graph, graphFields.output);
  const cuts = outputs.flatMap((output) => cutOf(output, nodes) ?? []);
  if (cuts.length === 0) return { model, cuts };
  const removed = unused(cuts, nodes);
  const typed = new Map(partsIn(graph, graphFields.valueInfo).map((value) => [textIn(value, 1), value]));
  const given = new Set(
    outputs.filter((output) => elementType(output, 0) > 0).map((each) => textIn(each, 1)),
  );
  const part = (field: ProtoField): readonly Uint8Array[] => {
    if (isNode(field)) return removed.has(field.content.byteOffset) ? [] : [field.content];
    const cut =
      field.number === graphFields.output && cuts.find(({ output }) => output === textIn(field.content, 1));
    if (!cut) return [field.content];
    const added = cut.tensors.filter((name) => !given.has(name));
    for (const name of added) given.add(name);
    return added.map((name) => typed.get(name) ?? tensorValue(name, elementType(field.content, 1)));
  };
  return { model: editGraph(model, { before: [], after: [], part }), cuts };
}

type Node = {
  readonly bytes: Uint8Array;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
};

function nodeIn({ content }: ProtoField): Node {
  const domain = textIn(content, 7);
  const operator = textIn(content, 4);
  const names = (number: number): readonly string[] =>
    partsIn(content, number).map((name) => Buffer.from(name).toString('utf8'));
  return {
    bytes: content,
    operator: domain === '' || domain === 'ai.onnx' ? operator : `${domain}.${operator}`,
    inputs: names(1),
    outputs: names(2),
  };
}

function cutOf(output: Uint8Array, nodes: readonly Node[]): Cut | null {
  const name = textIn(output, 1);
  if (elementType(output, 0) > 0 || elementType(output, 1) === 0) return null;
  const makes = (value: string) => nodes.find(({ outputs }) => outputs.includes(value));
  let maker = makes(name);
  for (let steps = 0; maker?.operator === 'Identity' && steps < nodes.length; steps += 1)
    maker = makes(maker.inputs[0] ?? '');
  if (!maker || !tailOperators.has(maker.operator)) return null;
  // The second input of SplitToSequence holds the split sizes.
  const tensors = maker.operator === 'SequenceConstruct' ? maker.inputs : maker.inputs.slice(0, 1);
  return {
    output: name,
    operator: maker.operator,
    tensors: [...new Set(tensors)],
    classes: classesOf(maker),
  };
}

/**
 * Element type of a tensor (`depth` 0), or of the tensors in a sequence or in the maps of a sequence (`depth` 1); 0 for
 * anything else.
 */
function elementType(value: Uint8Array, depth: 0 | 1): number {
  const [type] = partsIn(value, 2);
  const within = (outer: Uint8Array | undefined, ...path: readonly number[]): Uint8Array | undefined =>
    path.reduce<Uint8Array | undefined>((inner, number) => inner && partsIn(inner, number)[0], outer);
  const [tensor, sequence] = [1, 4];
  const map = [5, 2];
  const held =
    depth === 0
      ? type
      : (within(type, sequence, 1, ...map) ?? within(type, sequence, 1) ?? within(type, ...map));
  const inner = within(held, tensor);
  if (!inner) return 0;
  for (const field of fieldsIn(inner)) if (field.number === 1 && field.wireType === 0) return field.value;
  return 0;
}

/**
 * Offsets of the nodes that nothing uses once the outputs are cut. A reference from any other node, subgraphs included,
 * keeps a node.
 */
function unused(cuts: readonly Cut[], nodes: readonly Node[]): ReadonlySet<number> {
  const removed = new Set<number>();
  const free = new Set(cuts.map(({ output }) => output));
  const isUsed = (name: string, { bytes }: Node): boolean =>
    nodes.some(
      (other) =>
        other.bytes !== bytes && !removed.has(other.bytes.byteOffset) && asBuffer(other.bytes).includes(name),
    );
  for (const node of nodes.toReversed()) {
    const isTail = tailOperators.has(node.operator) || node.operator === 'Identity';
    if (!isTail || !node.outputs.every((name) => free.has(name) && !isUsed(name, node))) continue;
    removed.add(node.bytes.byteOffset);
    if (node.operator === 'Identity') for (const name of node.inputs) free.add(name);
  }
  return removed;
}

/** The attribute `classlabels_strings` or `classlabels_int64s` of a ZipMap. */
function classesOf(node: Node): readonly string[] | null {
  for (const attribute of partsIn(node.bytes, 5)) {
    const name = textIn(attribute, 1);
    if (name === 'classlabels_strings')
      return partsIn(attribute, 9).map((text) => Buffer.from(text).toString('utf8'));
    if (name === 'classlabels_int64s') return wholes(attribute).map(String);
  }
  return null;
}

/** The integers of field 8, packed or not. */
const wholes = (attribute: Uint8Array): readonly bigint[] =>
  [...fieldsIn(attribute)].flatMap(({ number, wireType, content, bytes }) => {
    if (number !== 8) return [];
    // An unpacked integer follows its one-byte tag.
    return signedIn(wireType === 0 ? bytes.subarray(1) : content);
  });

const tensorValue = (name: string, type: number): Buffer =>
  Buffer.concat([lengthField(1, name), lengthField(2, lengthField(1, numberField(1, type)))]);
