import { modelTaskIds } from '../../../../contract/tasks/index.ts';
import type { ModelTaskId, TaskId } from '../../../../contract/tasks/index.ts';
import { buildFeatureExtraction } from './feature-extraction.ts';
import { buildImageClassification } from './image-classification.ts';
import { buildObjectDetection } from './object-detection/index.ts';
import type { Recognised, Stated, TaskBuild } from './task.ts';
import { buildTensor } from './tensor.ts';

export type { Ending, Exporter, Facts, Known, Reading } from './task.ts';

/** The pack builder of each task that is done by one model file. */
const builds = {
  'image-classification': buildImageClassification,
  'object-detection': buildObjectDetection,
  'feature-extraction': buildFeatureExtraction,
  tensor: buildTensor,
} as const satisfies Record<ModelTaskId, TaskBuild>;

/** Throws for a task of composed packs, which are not built from a model file. */
export function taskBuildOf(task: TaskId): TaskBuild {
  const build = (builds as Partial<Record<TaskId, TaskBuild>>)[task];
  if (!build) throw new Error(`${task} is not built from a model file`);
  return build;
}

/** The first task that the file shows unambiguously; null when the user has to state it. */
export function recogniseTask(stated: Stated): (Recognised & { readonly task: ModelTaskId }) | null {
  for (const task of modelTaskIds) {
    const recognised = builds[task].recognise(stated);
    if (recognised) return { task, ...recognised };
  }
  return null;
}

/** Names that `--form` accepts for any task. */
export const formNames: readonly string[] = modelTaskIds.flatMap((task) => builds[task].forms);
