import { fieldsIn, lengthField, numberField } from './proto-fields.ts';
import type { ProtoField } from './proto-fields.ts';

/* Field numbers of ONNX's protobuf messages. */
export const graphOfModel = 7;
export const graphFields = {
  node: 1,
  initializer: 5,
  input: 11,
  output: 12,
  valueInfo: 13,
  sparseInitializer: 15,
} as const;

/** Whether a field of a GraphProto is one of its inputs or outputs. */
export const isBorder = ({ number, wireType }: ProtoField): boolean =>
  wireType === 2 && (number === graphFields.input || number === graphFields.output);

export const isNode = ({ number, wireType }: ProtoField): boolean =>
  wireType === 2 && number === graphFields.node;

/** An edit of a model's main graph. */
type GraphEdit = {
  /** Nodes to insert before and after all others. */
  readonly before: readonly Uint8Array[];
  readonly after: readonly Uint8Array[];
  /** The replacement for a node, an input or an output: its own content, other messages, or none. */
  readonly part: (field: ProtoField) => readonly Uint8Array[];
};

/** Applies the edit; all other fields stay byte for byte. Throws a RangeError for what is not protobuf. */
export function editGraph(model: Uint8Array, { before, after, part }: GraphEdit): Buffer {
  const parts: Uint8Array[] = [];
  for (const field of fieldsIn(model)) {
    if (field.number !== graphOfModel || field.wireType !== 2) {
      parts.push(field.bytes);
      continue;
    }
    const inner: Uint8Array[] = [];
    for (const each of fieldsIn(field.content)) {
      const contents = isBorder(each) || isNode(each) ? part(each) : [each.content];
      for (const content of contents)
        inner.push(content === each.content ? each.bytes : lengthField(each.number, content));
    }
    const [first, last] = [before, after].map((nodes) =>
      nodes.map((node) => lengthField(graphFields.node, node)),
    );
    parts.push(lengthField(graphOfModel, ...first!, ...inner, ...last!));
  }
  return Buffer.concat(parts);
}

/** A node of the standard ONNX operator set with integer attributes. */
export function nodeOf(
  operator: string,
  { input, output }: { readonly input: string; readonly output: string },
  attributes: Readonly<Record<string, number>> = {},
): Buffer {
  return Buffer.concat([
    lengthField(1, input),
    lengthField(2, output),
    lengthField(4, operator),
    ...Object.entries(attributes).map(([name, whole]) => lengthField(5, wholeAttribute(name, whole))),
  ]);
}

const wholeAttribute = (name: string, value: number): Buffer =>
  Buffer.concat([lengthField(1, name), numberField(3, value), numberField(20, 2)]);
