import type { PredictionRecord } from '../../contract/runs/prediction.ts';
import { client } from '../state/client.ts';
import type { PageText } from '../state/notices.ts';
import { lastVerdict } from '../state/reviewing.ts';
import { changeLook, lookOf } from '../state/run-look.ts';
import { inform } from './inform.ts';
import { perform } from './perform.ts';
import { pickNone } from './pick-rows.ts';
import { splitRef } from '../../contract/serving/split-ref.ts';

export type Named = { readonly id: string; readonly name: string };
/** A photo with its answer, as far as a person's word on it needs them. */
export type LabelTarget = { readonly photo: string; readonly record: PredictionRecord };

/** Says which label is right for a photo; null takes that back. */
export async function confirmLabel({ photo, record }: LabelTarget, label: Named | null): Promise<void> {
  const { digest } = record;
  const model = modelOf(record);
  const key = ['confirmed', model, digest];
  const before = client.getQueryData(key);
  client.setQueryData(key, label);
  const confirmed = await perform('answers.confirm', { ref: photo, digest, model, label });
  if (confirmed === null) client.setQueryData(key, before);
  else await refreshConfirmed();
}

async function refreshConfirmed(): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: ['lifecycle'] }),
    // Rows and summaries of runs show what was said.
    client.invalidateQueries({
      predicate: ({ queryKey }) =>
        queryKey[0] === 'run' && (queryKey[2] === 'page' || queryKey[2] === 'summary'),
    }),
  ]);
}

type ForSelection = {
  readonly run: string;
  /** `own`: for each photo the label of its own answer. */
  readonly label: Named | 'own';
  /** What the label is called on the screen. */
  readonly text: string | PageText;
};

/** More photos than are confirmed at once to the eye: a quarter of a million take some seconds. */
const soonConfirmed = 10_000;

/** Confirms labels for all selected photos of a run in one act. Those that leave the list by it are selected no more. */
export async function confirmSelection({ run, label, text }: ForSelection): Promise<void> {
  const { picked, review } = lookOf(run);
  if (picked.size > soonConfirmed) inform({ key: 'run.confirmingItems', values: { count: picked.size } });
  const made = await perform('answers.confirmItems', { run, items: Uint32Array.from(picked), label });
  if (!made) return;
  const { act, confirmed, unanswered } = made;
  if (confirmed === 0) return inform({ key: 'run.noneAnswered' });
  const values = { count: confirmed, all: confirmed + unanswered, label: text };
  const key = unanswered === 0 ? 'run.confirmedItems' : 'run.confirmedItemsSome';
  if (act === null) return inform({ key, values });
  const takeBack = async (): Promise<void> => {
    if (lastVerdict.get() === verdict) lastVerdict.set(null);
    if ((await perform('answers.takeBackItems', { act })) === null) return;
    if (review !== null) changeLook(run, { picked });
    inform({ key: 'run.tookBackItems', values });
    await refreshSelection();
  };
  const verdict = { takeBack };
  lastVerdict.set(verdict);
  if (review !== null) pickNone(run);
  inform({ key, values, undo: () => void takeBack() });
  await refreshSelection();
}

async function refreshSelection(): Promise<void> {
  await Promise.all([client.invalidateQueries({ queryKey: ['confirmed'] }), refreshConfirmed()]);
}

export const modelOf = (record: PredictionRecord): string => splitRef(record.model).id;
