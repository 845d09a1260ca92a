import type { PredictionRecord } from '../../contract/prediction.ts';
import { client } from '../state/client.ts';
import { perform } from './perform.ts';
import { splitRef } from '../../contract/split-ref.ts';

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
  else
    await Promise.all([
      client.invalidateQueries({ queryKey: ['lifecycle'] }),
      // Rows and summaries of runs show what was said.
      client.invalidateQueries({
        predicate: ({ queryKey }) =>
          queryKey[0] === 'run' && (queryKey[2] === 'page' || queryKey[2] === 'summary'),
      }),
    ]);
}

export const modelOf = (record: PredictionRecord): string => splitRef(record.model).id;
