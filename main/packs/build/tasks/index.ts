import { taskIds } from '../../../../contract/tasks/index.ts';
import type { TaskId } from '../../../../contract/tasks/index.ts';
import { recogniseImageClassification } from './image-classification.ts';
import { recogniseObjectDetection } from './object-detection/index.ts';
import type { Recognise, Recognised, Stated } from './task.ts';
import { recogniseTensor } from './tensor.ts';

export type { Exporter, PictureInput } from './task.ts';

/** How model files of each task are recognised, one line each. */
const recognisers = {
  'image-classification': recogniseImageClassification,
  'object-detection': recogniseObjectDetection,
  tensor: recogniseTensor,
} as const satisfies Record<TaskId, Recognise>;

/** The first task that the file leaves no doubt about; null where a person has to say it. */
export function recogniseTask(stated: Stated): (Recognised & { readonly task: TaskId }) | null {
  for (const task of taskIds) {
    const recognised = recognisers[task](stated);
    if (recognised) return { task, ...recognised };
  }
  return null;
}
