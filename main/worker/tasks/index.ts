import { ok, type Outcome } from '../../../contract/faults.ts';
import type { ItemTaskId } from '../../../contract/tasks/index.ts';
import { openFeatureExtraction } from './feature-extraction.ts';
import { openImageClassification } from './image-classification.ts';
import { openObjectDetection } from './object-detection/index.ts';
import type { OpenedTask, OpenTask, TaskModel } from './task.ts';

export type { OpenedTask, TaskInput } from './task.ts';

/** How a worker answers inputs of each task, one line each. */
const workerTasks = {
  'image-classification': openImageClassification,
  'object-detection': openObjectDetection,
  'feature-extraction': openFeatureExtraction,
} as const satisfies Record<ItemTaskId, OpenTask>;

/** Null for a model of raw tensors, which the session alone runs. */
export function openTask(model: TaskModel): Outcome<OpenedTask | null> {
  const open: OpenTask | undefined = (workerTasks as Partial<Record<string, OpenTask>>)[model.spec.task];
  return open ? open(model) : ok(null);
}
