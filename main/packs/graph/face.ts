import type { Manifest } from '../../../contract/manifest.ts';
import { ElementType } from '../../../contract/tensor.ts';
import type { TensorSpec } from '../../../contract/tensor.ts';
import type { Graph, GraphValue } from './graph.ts';
import { isLeftOut } from './left-out.ts';

type Face = Pick<Manifest, 'inputs' | 'outputs'>;

/** The first thing in which a graph is not what its manifest promises, in words; null when it keeps the promise. */
export function findMisfit({ inputs, outputs }: Face, graph: Graph): string | null {
  return (
    graph.inputs.map((value) => unpromised('input', value, inputs)).find(isSaid) ??
    inputs.map((spec) => misfit('input', spec, graph.inputs)).find(isSaid) ??
    outputs.map((spec) => misfit('output', spec, graph.outputs)).find(isSaid) ??
    graph.outputs.map((value) => unpromised('output', value, outputs)).find(isSaid) ??
    null
  );
}

const isSaid = (reason: string | null): reason is string => reason !== null;

/** Every value of the graph is one that can be carried, and the manifest names it: callers go by the manifest. */
function unpromised(
  kind: 'input' | 'output',
  value: GraphValue,
  specs: readonly TensorSpec[],
): string | null {
  // It has no name among the tensors that a caller may ask for, and the runtime is not asked for it.
  if (kind === 'output' && isLeftOut(value) && !specs.some(({ name }) => name === value.name)) return null;
  if (value.kind !== 'tensor') return `${kind} ${value.name} of the graph is a ${value.kind}, not a tensor`;
  if (!ElementType.safeParse(value.type).success)
    return `${kind} ${value.name} of the graph is of type ${value.type}, which is not carried`;
  return specs.some(({ name }) => name === value.name)
    ? null
    : `the graph has the ${kind} ${value.name}, which the manifest does not name`;
}

function misfit(
  kind: 'input' | 'output',
  { name, type, shape }: TensorSpec,
  values: readonly GraphValue[],
): string | null {
  const value = values.find((each) => each.name === name);
  if (!value) {
    const there = values.map((each) => each.name).join(', ') || 'none';
    return `the manifest names the ${kind} ${name}, and the graph has ${there}`;
  }
  if (value.kind !== 'tensor') return `${kind} ${name} of the graph is a ${value.kind}, not a tensor`;
  if (value.type !== type) return `${kind} ${name} is ${type} by the manifest and ${value.type} by the graph`;
  // A dimension that either leaves free contradicts nothing; the runtime judges it when a tensor comes.
  const isFit =
    value.shape === null ||
    (isOpenRank(shape) && kind === 'output') ||
    (value.shape.length === shape.length && value.shape.every((dim, axis) => isSame(dim, shape[axis])));
  return isFit
    ? null
    : `${kind} ${name} is ${describe(shape)} by the manifest and ${describe(value.shape ?? [])} by the graph`;
}

/** A single free dimension stands for an output whose rank is not known. */
const isOpenRank = (shape: TensorSpec['shape']): boolean => shape.length === 1 && shape[0] === -1;

const isSame = (dim: number | string | null, promised: number | string | undefined): boolean =>
  typeof dim !== 'number' || typeof promised !== 'number' || promised < 0 || dim === promised;

const describe = (shape: readonly (number | string | null)[]): string =>
  shape.map((dim) => (dim === null || dim === -1 ? '?' : dim)).join(' × ') || 'a single value';
