import { taskIds } from '../../../../contract/tasks/index.ts';
import type { TaskId } from '../../../../contract/tasks/index.ts';
import { buildFeatureExtraction } from './feature-extraction.ts';
import { buildImageClassification } from './image-classification.ts';
import { buildObjectDetection } from './object-detection/index.ts';
import type { Recognised, Stated, TaskBuild } from './task.ts';
import { buildTensor } from './tensor.ts';

export type { Ending, Exporter, Facts, Known, Reading } from './task.ts';

/** How packs of each task are built, one line each. */
const builds = {
  'image-classification': buildImageClassification,
  'object-detection': buildObjectDetection,
  'feature-extraction': buildFeatureExtraction,
  tensor: buildTensor,
} as const satisfies Record<TaskId, TaskBuild>;

export const taskBuildOf = (task: TaskId): TaskBuild => builds[task];

/** The first task that the file leaves no doubt about; null where a person has to say it. */
export function recogniseTask(stated: Stated): (Recognised & { readonly task: TaskId }) | null {
  for (const task of taskIds) {
    const recognised = builds[task].recognise(stated);
    if (recognised) return { task, ...recognised };
  }
  return null;
}

/** Names that `--form` takes for any task. */
export const formNames: readonly string[] = taskIds.flatMap((task) => builds[task].forms);
