import { answerOf } from '../../contract/runs/confirmable.ts';
import type { PickedItems } from '../../contract/runs/run.ts';
import type { Confirmation } from '../../contract/lifecycle/trial.ts';
import { confirm, confirmation, unconfirm } from './confirmations.ts';
import type { Readable, Writable } from './database.ts';
import { change } from './declare.ts';
import { readRecord } from './records.ts';
import { wholePath } from './runs/inputs.ts';

type NamedLabel = { readonly id: string; readonly name: string };
type ItemsVerdict = PickedItems & {
  /** `own`: for each item the label of its own answer. */
  readonly label: NamedLabel | 'own';
  readonly at: string;
};
/** A photo whose confirmed label changed, and what had been confirmed for it before. */
export type ConfirmedBefore = Pick<Confirmation, 'digest' | 'model'> & {
  readonly before: Confirmation | null;
};
type ItemsConfirmed = { readonly confirmed: number; readonly photos: readonly ConfirmedBefore[] };

type AnsweredRow = {
  readonly root: string | null;
  readonly path: string;
  readonly key: string;
  readonly digest: string;
  readonly model: string;
  readonly labelId: string | null;
  readonly label: string | null;
};
const answeredSql = `
  SELECT n.path AS root, i.path, a.key, a.input AS digest, a.model, a.label_id AS labelId, a.label
  FROM run_items i
  JOIN answers a ON a.key = i.key
  LEFT JOIN run_inputs n ON n.run = i.run AND n.seq = i.input
  WHERE i.run = (SELECT id FROM runs WHERE name = ?) AND i.seq IN (SELECT value FROM json_each(?)) ORDER BY i.seq`;

/** Items of the same content are one photo, whose confirmation is written, and remembered, once. */
function confirmItems(db: Writable, { run, items, label, at }: ItemsVerdict): ItemsConfirmed {
  const photos = new Map<string, ConfirmedBefore>();
  let confirmed = 0;
  for (const row of db.all<AnsweredRow>(answeredSql, run, JSON.stringify([...items]))) {
    const right = label === 'own' ? ownLabel(db, row) : label;
    if (!right) continue;
    confirmed += 1;
    const { digest, model, root, path } = row;
    const before = confirmation(db, digest, model);
    if (photos.has(digest) || before?.labelId === right.id) continue;
    photos.set(digest, { digest, model, before });
    confirm(db, { digest, model, labelId: right.id, label: right.name, path: wholePath(root, path), at });
  }
  return { confirmed, photos: [...photos.values()] };
}

/** The label that counts; without one, what the whole result says. */
function ownLabel(db: Readable, { key, labelId, label }: AnsweredRow): NamedLabel | null {
  if (labelId !== null && label !== null) return { id: labelId, name: label };
  const record = readRecord(db, key);
  return record ? answerOf(record.result) : null;
}

/** `at`: when it was confirmed; what was confirmed at another time stays. */
function takeBackItems(db: Writable, photos: readonly ConfirmedBefore[], at: string): void {
  for (const { digest, model, before } of photos) {
    if (confirmation(db, digest, model)?.at !== at) continue;
    if (before) confirm(db, before);
    else unconfirm(db, digest, model);
  }
}

export const itemConfirmationQueries = {
  changes: {
    /** In one transaction; null when the disk refuses. */
    confirmItems: change({
      run: (db, verdict: ItemsVerdict): ItemsConfirmed | null => confirmItems(db, verdict),
      otherwise: null,
    }),
    takeBackItems: change({
      run: (db, photos: readonly ConfirmedBefore[], at: string): boolean => {
        takeBackItems(db, photos, at);
        return true;
      },
      otherwise: false,
    }),
  },
};
