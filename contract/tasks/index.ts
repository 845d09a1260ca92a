import { z } from 'zod';
import type { Embedding } from '../packs/embedding.ts';
import { detectClassify } from './detect-classify.ts';
import { featureExtraction } from './feature-extraction.ts';
import { imageClassification } from './image-classification.ts';
import { objectDetection } from './object-detection.ts';
import type { ItemTask, RawTask } from './task.ts';
import { tensor } from './tensor.ts';

export type * from './task.ts';
export { entryColumns, numberColumns } from './columns.ts';

/** Every task that there is, one line each. Where several take the same input, the first answers by default. */
export const tasks = {
  'image-classification': imageClassification,
  'object-detection': objectDetection,
  'feature-extraction': featureExtraction,
  'detect-classify': detectClassify,
  tensor,
} as const;

type Tasks = typeof tasks;
export type TaskId = keyof Tasks;
export const taskIds = Object.keys(tasks) as [TaskId, ...TaskId[]];
export const TaskId = z.enum(taskIds);

/** Ids of the tasks that a model file does; the others are done by several packs together. */
export type ModelTaskId = { [I in TaskId]: Tasks[I] extends { roles: object } ? never : I }[TaskId];
export const modelTaskIds = taskIds.filter((id) => !('roles' in tasks[id])) as [
  ModelTaskId,
  ...ModelTaskId[],
];
export const ModelTaskId = z.enum(modelTaskIds);

/** Ids of the tasks whose results are kept as data. */
export type ItemTaskId = { [I in TaskId]: Tasks[I] extends { Result: z.ZodType } ? I : never }[TaskId];
/** What is kept of an answered input, told apart by `task`. */
export type Result = { [I in ItemTaskId]: z.infer<Tasks[I]['Result']> }[ItemTaskId];
/** What records show of a result, told apart by `task`. */
export type PrintedResult = { [I in TaskId]: z.infer<Tasks[I]['Printed']> }[TaskId];
/** Steps behind the graph, told apart by `op`. */
export type PostprocessingStep = z.infer<Tasks[TaskId]['steps'][number]>;
/** A golden sample, told apart by `kind`. */
export type GoldenCase = z.infer<Tasks[TaskId]['GoldenCase']>;

/** A task as everything sees it that knows none by name. */
export type AnyItemTask = ItemTask<Result, PrintedResult, ExpectedOf<ItemTaskId>> & {
  readonly id: ItemTaskId;
};
export type AnyTask = AnyItemTask | (RawTask<PrintedResult> & { readonly id: TaskId });
type ExpectedOf<I extends ItemTaskId> = z.infer<Tasks[I]['GoldenCase']>['expected'][number];

/** The descriptor by which a manifest, a result or a record names its task. */
export const taskOf = (id: TaskId): AnyTask => tasks[id] as AnyTask;
export const itemTaskOf = (id: ItemTaskId): AnyItemTask => tasks[id] as AnyItemTask;

const all: readonly AnyTask[] = taskIds.map(taskOf);
const items = all.filter((task): task is AnyItemTask => task.input === 'picture');

export const Result: z.ZodType<Result> = unionOf(
  'task',
  items.map((task) => task.Result),
);
export const PostprocessingStep: z.ZodType<PostprocessingStep> = unionOf('op', [
  ...new Set(all.flatMap(({ steps }) => steps)),
]);
export const GoldenCase: z.ZodType<GoldenCase> = unionOf(
  'kind',
  all.map((task) => task.GoldenCase),
);

/** Tasks with this input, the one that answers by default first. */
export const tasksWith = (input: AnyTask['input']): readonly AnyTask[] =>
  all.filter((task) => task.input === input);

/** The parts that a task is done by, by role, with the task of each; none where a model file does it. */
export const rolesOf = (id: TaskId): Readonly<Record<string, string>> => taskOf(id).roles ?? {};

/** The first of these by the order of the tasks and then by their own: what answers when nobody names a model. */
export function firstOf<T>(
  among: readonly T[],
  fitting: readonly AnyTask[],
  taskIn: (one: T) => TaskId,
): T | undefined {
  for (const { id } of fitting) {
    const first = among.find((one) => taskIn(one) === id);
    if (first !== undefined) return first;
  }
  return undefined;
}

/** Whether a model of this task answers photos; false for what is no task. */
export const takesPictures = (id: string): boolean =>
  all.some((task) => task.id === id && task.input === 'picture');

/** The feature vector in a result, of whatever task; undefined where the pack gives none or nobody asked. */
export const embeddingOf = (result: Result): Embedding | undefined =>
  'embedding' in result ? result.embedding : undefined;

/** The same result with this feature vector, or without any. */
export const withEmbedding = (result: Result, embedding: Embedding | undefined): Result => {
  const { embedding: _, ...rest } = result as Result & { embedding?: Embedding };
  return (embedding ? { ...rest, embedding } : rest) as Result;
};

/** Whether models of this task may have labels: a vector has none. True for what is no task. */
export const mayHaveLabels = (id: string): boolean => !items.some((task) => task.id === id && task.embeds);

/** Whether a person may say what is on an item of this task: its labels, or that nothing is there. False for what is no task. */
export const ranksOrFinds = (id: string): boolean =>
  items.some((task) => task.id === id && ('ranked' in task || 'found' in task));

/** Whether a result of this task ranks labels of the whole item. */
export const ranksLabels = (id: TaskId): boolean => 'ranked' in taskOf(id);

/** Whether a result of this task is of things that are found, of which there may be none; false for what is no task. */
export const findsThings = (id: string): boolean => items.some((task) => task.id === id && 'found' in task);

/** Whether models of this task say where on a photo something is; false for what is no task. */
export const drawsBoxes = (id: string): boolean =>
  items.some((task) => task.id === id && task.placed !== undefined);

/** Whether models of this task have the option `thorough`; false for what is no task. */
export const looksThoroughly = (id: string): boolean =>
  items.some((task) => task.id === id && task.looksThoroughly);

/** The task of a model of which nothing but its graph is known. */
export const rawTask = 'tensor' satisfies TaskId;

/** A union of the registry's schemas, whose types are collected above. */
function unionOf<T>(key: string, schemas: readonly z.ZodType[]): z.ZodType<T> {
  return z.discriminatedUnion(key, schemas as unknown as readonly [z.ZodObject]) as unknown as z.ZodType<T>;
}
