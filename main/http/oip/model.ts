import type { ServedVersion } from '../../../contract/serving.ts';
import type { TensorSpec } from '../../../contract/tensor.ts';
import type { Serving } from '../../serving/index.ts';
import { datatypeOf } from '../tensors/datatypes.ts';
import { isReady as isStateReady, tritonConfig } from './models.ts';

/** A model that is not loaded yet is ready too: it loads at its first request. */
export const isReady = ({ state }: ServedVersion): boolean => isStateReady(state);

/** Model metadata. A picture pack tells in `parameters` that it takes its photos as files too. */
export function metadataOf(serving: Serving, { id, task, inputs, outputs }: ServedVersion): object {
  const versions = serving.catalogue().flatMap((served) => (served.id === id ? [served.shownVersion] : []));
  return {
    name: id,
    versions,
    platform: 'onnx_onnxv1',
    inputs: inputs.map(tensorOf),
    outputs: outputs.map(tensorOf),
    ...(task === 'image-classification' && {
      parameters: { picture_input: 'image', picture_outputs: 'label,score,index' },
    }),
  };
}

/** Triton's model configuration. */
export const configOf = (serving: Serving, served: ServedVersion): object => tritonConfig(serving, served);

const tensorOf = ({ name, type, shape }: TensorSpec): object => ({
  name,
  datatype: datatypeOf(type),
  shape: shape.map((size) => (typeof size === 'string' ? -1 : size)),
});
