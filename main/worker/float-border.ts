import { doublesOf, numericCodecs, viewOf } from '../../contract/tensors/tensor-codec.ts';
import { areAlike, elementBytes, type TensorBytes, type TensorSpec } from '../../contract/tensors/tensor.ts';

/**
 * A variant may store the same model in other floats than the manifest says (float16 beside float32). Whoever gives and gets
 * tensors sees the manifest's types, and values are converted here. Pictures are prepared in the graph's own type and need no border.
 */

/** The type of this tensor for callers: the manifest's, where the graph has another float. */
export function outerType(
  { name, type }: Pick<TensorSpec, 'name' | 'type'>,
  declared: readonly TensorSpec[],
): TensorSpec['type'] {
  const outer = declared.find((each) => each.name === name)?.type ?? type;
  return areAlike(outer, type) ? outer : type;
}

/** The same values as floats of another type, rounded to the nearest; as it is where the type is the same. */
export function converted(tensor: TensorBytes, type: TensorSpec['type']): TensorBytes {
  const values = tensor.type === type || type === 'string' ? null : doublesOf(tensor);
  if (values === null || type === 'string') return tensor;
  const data = new Uint8Array(values.length * elementBytes[type]);
  const view = viewOf(data);
  const { write } = numericCodecs[type];
  values.forEach((value, at) => write(view, at * elementBytes[type], value));
  return { ...tensor, type, data };
}
