import { ok, type Outcome } from '../../../contract/faults/faults.ts';
import type { ItemTaskId } from '../../../contract/tasks/index.ts';
import { openDetectClassify } from './detect-classify/index.ts';
import { openFeatureExtraction } from './feature-extraction.ts';
import { openImageClassification } from './image-classification.ts';
import { openObjectDetection } from './object-detection/index.ts';
import type { JoinedTasks, OpenedTask, OpenJoined, OpenTask, TaskModel } from './task.ts';

export type { OpenedTask, TaskInput } from './task.ts';

/** How a worker answers inputs of each task, one line each. */
const workerTasks = {
  'image-classification': openImageClassification,
  'object-detection': openObjectDetection,
  'feature-extraction': openFeatureExtraction,
} as const satisfies Partial<Record<ItemTaskId, OpenTask>>;

/** … and of those that several models do together. */
const joinedTasks = {
  'detect-classify': openDetectClassify,
} as const satisfies Record<Exclude<ItemTaskId, keyof typeof workerTasks>, OpenJoined>;

/** Null for a model of raw tensors, which the session alone runs. */
export function openTask(model: TaskModel): Outcome<OpenedTask | null> {
  const open: OpenTask | undefined = (workerTasks as Partial<Record<string, OpenTask>>)[model.spec.task];
  return open ? open(model) : ok(null);
}

/** Throws for a task that one model does: the engine joins none of those. */
export function joinTasks(joined: JoinedTasks): Outcome<OpenedTask> {
  const open: OpenJoined | undefined = (joinedTasks as Partial<Record<string, OpenJoined>>)[joined.spec.task];
  if (!open) throw new Error(`${joined.spec.task} is done by one model`);
  return open(joined);
}
