import type { ServedVersion } from '../../../contract/serving.ts';
import type { TensorSpec } from '../../../contract/tensor.ts';
import type { Serving } from '../../serving/index.ts';
import { datatypeOf, imageInput, pictureTask } from '../tensors/index.ts';
import { isReady as isStateReady, tritonConfig } from './models.ts';

/** A model that is not loaded yet is ready too: it loads at its first request. */
export const isReady = ({ state }: ServedVersion): boolean => isStateReady(state);

/** Model metadata. A picture pack tells in `parameters` that it takes its photos as files too. */
export function metadataOf(serving: Serving, served: ServedVersion): object {
  const { id, inputs, outputs } = served;
  const pictures = pictureTask(served);
  const versions = serving.catalogue().flatMap((one) => (one.id === id ? [one.shownVersion] : []));
  return {
    name: id,
    versions,
    platform: 'onnx_onnxv1',
    inputs: inputs.map(tensorOf),
    outputs: outputs.map(tensorOf),
    ...(pictures && {
      parameters: {
        picture_input: imageInput.name,
        picture_outputs: pictures.outputs.map((output) => output.name).join(','),
      },
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
