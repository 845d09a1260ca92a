import type { ServedVersion } from '../../../contract/serving/serving.ts';
import { taskOf } from '../../../contract/tasks/index.ts';
import type { AnyItemTask } from '../../../contract/tasks/index.ts';
import type { TensorSpec } from '../../../contract/tensors/tensor.ts';

/** The input that stands for encoded picture files, in place of the tensors of the graph. */
export const imageInput: TensorSpec = { name: 'image', type: 'string', shape: [-1] };

/** The task of a version that takes pictures in their files; null for raw tensors. */
export function pictureTask({ task: id }: Pick<ServedVersion, 'task'>): AnyItemTask | null {
  const task = taskOf(id);
  return task.input === 'picture' ? task : null;
}

/** The tensors of the graph; of a version without a graph of its own, those of its pictures and of what its task makes of them. */
export function describedTensors(served: Pick<ServedVersion, 'task' | 'inputs' | 'outputs'>): {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
} {
  const pictures = pictureTask(served);
  return pictures && served.outputs.length === 0
    ? { inputs: [imageInput], outputs: pictures.outputs }
    : served;
}
