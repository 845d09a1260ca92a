import type { Found } from '../../../contract/runs/found.ts';
import type { RunRow } from '../../../contract/runs/run.ts';
import { itemTaskOf } from '../../../contract/tasks/index.ts';
import type { Result } from '../../../contract/tasks/index.ts';
import type { RunItemEntry, StoredRunRow } from '../../store/index.ts';
import type { WalkPlace } from '../files/index.ts';
import type { ItemOutcome } from './predict-items.ts';
import { namedPlace } from './run-names.ts';

type NamedItem = { readonly run: string; readonly place: WalkPlace; readonly name: string };

/** An item as the store keeps it. */
export function entryOf({ run, place, name }: NamedItem, { outcome }: ItemOutcome): RunItemEntry {
  const item = { run, place: { input: place.input, below: place.below }, name };
  if (!outcome.ok)
    return {
      ...item,
      key: null,
      label: null,
      labels: [],
      score: null,
      durationMs: null,
      cached: false,
      fault: outcome.fault,
    };
  const { record, key } = outcome.value;
  const first = itemTaskOf(record.result.task).headline(record.result);
  return {
    ...item,
    key,
    label: first?.label ?? null,
    labels: foundIn(record.result)?.counts.map(({ label }) => label) ?? (first ? [first.label] : []),
    score: first?.score ?? null,
    durationMs: record.durationMs,
    cached: record.cached,
    fault: null,
    camera: record.camera,
  };
}

/** What was found; null of a task that finds nothing. */
export const foundIn = (result: Result): Found | null => itemTaskOf(result.task).found?.(result) ?? null;

/** A row as the page has it: with a reference instead of the path. */
export function shownRow(
  stored: StoredRunRow,
  refOf: (path: string) => string,
): Omit<RunRow, 'found' | 'confirmed'> {
  const { seq, path, label, score, durationMs, cached, fault, duplicateOf } = stored;
  return {
    seq,
    ref: refOf(path),
    ...namedPlace(stored.name),
    label,
    score,
    durationMs,
    cached,
    fault,
    duplicateOf,
  };
}
