import type { Paint } from '../../paint.ts';
import type { ItemRecord } from '../../../../contract/runs/record.ts';
import type { TaskId } from '../../../../contract/tasks/index.ts';

/** Turns records into text as they come: `head`, each `one`, then `tail`. */
export type Format = {
  readonly head: () => string;
  readonly one: (record: ItemRecord) => string;
  readonly tail: () => string;
};
/** `columns` of the terminal; records of one task. */
export type Look = { readonly columns: number; readonly paint: Paint; readonly task: TaskId };
