import type { Manifest } from '../../../contract/packs/manifest.ts';
import { reason, type Reason } from '../../../contract/faults/reasons.ts';
import { ElementType } from '../../../contract/tensors/tensor.ts';
import type { TensorSpec } from '../../../contract/tensors/tensor.ts';
import type { Graph, GraphValue } from './graph.ts';
import { isLeftOut } from './left-out.ts';

type InputsAndOutputs = Pick<Manifest, 'inputs' | 'outputs'>;

/** The first mismatch between a graph and its manifest; null when they match. `fits` compares element types. */
export function findMisfit(
  { inputs, outputs }: InputsAndOutputs,
  graph: Graph,
  fits: (found: string, promised: string) => boolean,
): Reason | null {
  return (
    graph.inputs.map((value) => unpromised('input', value, inputs)).find(isReason) ??
    inputs.map((spec) => misfit({ kind: 'input', fits }, spec, graph.inputs)).find(isReason) ??
    outputs.map((spec) => misfit({ kind: 'output', fits }, spec, graph.outputs)).find(isReason) ??
    graph.outputs.map((value) => unpromised('output', value, outputs)).find(isReason) ??
    null
  );
}

const isReason = (why: Reason | null): why is Reason => why !== null;
const sides = { input: reason('side-input'), output: reason('side-output') } as const;

/** Every value of the graph must be transferable and be named by the manifest, which callers go by. */
function unpromised(
  kind: 'input' | 'output',
  value: GraphValue,
  specs: readonly TensorSpec[],
): Reason | null {
  // An omitted output (left-out.ts) need not be in the manifest.
  if (kind === 'output' && isLeftOut(value) && !specs.some(({ name }) => name === value.name)) return null;
  if (value.kind !== 'tensor')
    return reason('graph-value-no-tensor', { side: sides[kind], name: value.name, kind: value.kind });
  if (!ElementType.safeParse(value.type).success)
    return reason('graph-type-not-carried', {
      side: sides[kind],
      name: value.name,
      type: String(value.type),
    });
  return specs.some(({ name }) => name === value.name)
    ? null
    : reason('graph-has-unnamed', { side: sides[kind], name: value.name });
}

function misfit(
  {
    kind,
    fits,
  }: { readonly kind: 'input' | 'output'; readonly fits: (found: string, promised: string) => boolean },
  { name, type, shape }: TensorSpec,
  values: readonly GraphValue[],
): Reason | null {
  const value = values.find((each) => each.name === name);
  if (!value) {
    const there = values.map((each) => each.name).join(', ') || reason('none-there');
    return reason('manifest-names-absent', { side: sides[kind], name, there });
  }
  if (value.kind !== 'tensor')
    return reason('graph-value-no-tensor', { side: sides[kind], name, kind: value.kind });
  if (!fits(String(value.type), type))
    return reason('type-differs', { side: sides[kind], name, promised: type, found: String(value.type) });
  // A dimension that is free on either side matches; the runtime checks it for each tensor.
  const isFit =
    value.shape === null ||
    (isOpenRank(shape) && kind === 'output') ||
    (value.shape.length === shape.length && value.shape.every((dim, axis) => isSame(dim, shape[axis])));
  return isFit
    ? null
    : reason('type-differs', {
        side: sides[kind],
        name,
        promised: describe(shape),
        found: describe(value.shape ?? []),
      });
}

/** A single free dimension stands for an unknown rank. */
const isOpenRank = (shape: TensorSpec['shape']): boolean => shape.length === 1 && shape[0] === -1;

const isSame = (dim: number | string | null, promised: number | string | undefined): boolean =>
  typeof dim !== 'number' || typeof promised !== 'number' || promised < 0 || dim === promised;

const describe = (shape: readonly (number | string | null)[]): string | Reason =>
  shape.map((dim) => (dim === null || dim === -1 ? '?' : dim)).join(' × ') || reason('single-value');
