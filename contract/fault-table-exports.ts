import { row } from './fault-row.ts';

/** Faults of exporting a run. See fault-table.ts for the columns. */
export const exportFaults = {
  'run-not-found': row(
    1,
    404,
    false,
    'There is no run {run}.',
    '`outpost run list` shows the runs that there are; one that was removed cannot be exported.',
  ),
  'export-empty': row(
    1,
    422,
    false,
    'The run {run} has no item yet: nothing was written.',
    'Wait for its first answers, then export it again.',
  ),
  'export-needs-boxes': row(
    1,
    422,
    false,
    '{name} holds boxes, and a run of the task {task} has none.',
    'Export it as csv, xlsx, jsonl or parquet, or run the photos with a model that finds things in them.',
  ),
  'export-too-many-rows': row(
    1,
    422,
    false,
    '{name} holds at most {limit} items, and the run has {count}.',
    'Export it as csv or parquet, which have no such limit.',
  ),
  'export-answer-removed': row(
    1,
    409,
    false,
    'The boxes of {file} are not stored any more: answers were removed from the cache since the run {run}.',
    'Run the photos again, then export the new run; csv, xlsx, jsonl and parquet can still hold the labels of this one.',
  ),
  'export-names-clash': row(
    1,
    422,
    false,
    '{first} and {second} would share one file of boxes, since their names differ by the ending alone.',
    'Rename one of the photos and run them again, or export the run as coco.',
  ),
  'export-folder-not-empty': row(
    1,
    409,
    false,
    'There is something in {file} already: nothing was written.',
    'Name a folder that is not there yet, or empty this one.',
  ),
} as const;
