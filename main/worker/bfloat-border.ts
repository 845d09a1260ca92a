import { readFile } from 'node:fs/promises';
import { editGraph, graphFields, graphOfModel, isBorder, nodeOf } from '../lib/onnx-graph.ts';
import { fieldsIn, lengthField, numberField, numberIn, partsIn, textIn } from '../lib/proto-fields.ts';
import type { ProtoField } from '../lib/proto-fields.ts';

/*
 * The runtime's binding for Node has no bfloat16 tensors, and opens no model that takes or gives any. So the model is opened
 * from memory with a Cast behind each such input and before each such output:
 *
 *   x ── bfloat16 ──>          x (float32) ── Cast ──> x' ──>
 *   ──> y, bfloat16            ──> y' ── Cast ──> y (float32)
 *
 * Inside nothing changes. Each bfloat16 is a float32, so that neither way rounds anything: the bits that come are those the
 * model takes, and the bits that it gives are those that go.
 */
const float32 = 1;
const bfloat16 = 16;

/** What the border is called in the runtime, by the names that the model's file has. */
export type BfloatBorder = {
  readonly model: Buffer;
  readonly inputs: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
};

/** The model file with its border in float32. Throws what reading the file throws, and a RangeError for what is no model. */
export async function bfloatBorder(file: string): Promise<BfloatBorder> {
  const model = await readFile(file);
  const own = initializers(model);
  const inputs = new Map<string, string>();
  const outputs = new Map<string, string>();
  const sideOf = ({ number, content }: ProtoField) => {
    const isInput = number === graphFields.input;
    const name = textIn(content, 1);
    // An input that has a value in the file is not fed.
    const isCast = elementType(content) === bfloat16 && !(isInput && own.has(name));
    return isCast ? { name, names: isInput ? inputs : outputs } : null;
  };
  for (const graph of partsIn(model, graphOfModel))
    for (const field of fieldsIn(graph)) {
      const side = isBorder(field) ? sideOf(field) : null;
      side?.names.set(side.name, `${side.name}/${side.names === inputs ? 'taken' : 'given'} as float32`);
    }
  const edited = editGraph(model, {
    before: [...inputs].map(([name, outside]) =>
      nodeOf('Cast', { input: outside, output: name }, { to: bfloat16 }),
    ),
    after: [...outputs].map(([name, outside]) =>
      nodeOf('Cast', { input: name, output: outside }, { to: float32 }),
    ),
    part: (field) => {
      const side = isBorder(field) ? sideOf(field) : null;
      return [side ? asFloat32(field.content, side.names.get(side.name)!) : field.content];
    },
  });
  return { model: edited, inputs, outputs };
}

/** Names of the values that lie in the outermost graph. */
function initializers(model: Uint8Array): ReadonlySet<string> {
  const names = new Set<string>();
  for (const graph of partsIn(model, graphOfModel)) {
    for (const tensor of partsIn(graph, graphFields.initializer)) names.add(textIn(tensor, 8));
    for (const sparse of partsIn(graph, graphFields.sparseInitializer))
      for (const values of partsIn(sparse, 1)) names.add(textIn(values, 8));
  }
  return names;
}

/** Of a value that is a tensor; 0 for any other. */
function elementType(value: Uint8Array): number {
  const types = partsIn(value, 2).flatMap((type) => partsIn(type, 1));
  return types.map((type) => numberIn(type, 1)).findLast((code) => code !== undefined) ?? 0;
}

/** The value under another name, in float32, with its shape and all else that is said of it. */
function asFloat32(value: Uint8Array, name: string): Buffer {
  const typed = (message: Uint8Array, depth: number): Buffer =>
    Buffer.concat(
      [...fieldsIn(message)].map((field) => {
        if (depth === 0 && field.number === 1) return lengthField(1, name);
        if (depth === 0 && field.number === 2) return lengthField(2, typed(field.content, 1));
        if (depth === 1 && field.number === 1) return lengthField(1, typed(field.content, 2));
        return depth === 2 && field.number === 1 ? numberField(1, float32) : field.bytes;
      }),
    );
  return typed(value, 0);
}
