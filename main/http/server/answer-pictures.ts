import { failed } from '../../../contract/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults.ts';
import type { PredictionRecord } from '../../../contract/prediction.ts';
import type { PictureRequest, Serving } from '../../serving/index.ts';

/** Pictures of one request; more come in several requests. */
export const mostPictures = 1024;

export type Picture = { readonly name: string; readonly bytes: Uint8Array };
export type AskPictures = Omit<PictureRequest, 'bytes' | 'name' | 'signal'> & {
  readonly signal: AbortSignal;
  /** Whether one picture that fails ends the others, or has its fault in its place. */
  readonly isAllOrNothing: boolean;
};

/** Fault `request-malformed` where one request has more pictures than are taken. */
export const tooManyPictures = (count: number): Outcome<never> | null =>
  count <= mostPictures
    ? null
    : failed('request-malformed', {
        what: 'The request',
        reason: `it has ${count} pictures, and at most ${mostPictures} are taken at once; send several requests`,
      });

/**
 * Answers the pictures of one request, in their order. A few are under way at once, two for each worker: one decodes while the
 * other runs, and more would fill the queue against other clients. The deadline is for all of them together.
 */
export async function answerPictures(
  serving: Serving,
  pictures: readonly Picture[],
  { isAllOrNothing, signal, deadlineMs, ...how }: AskPictures,
): Promise<Outcome<readonly Outcome<PredictionRecord>[]>> {
  const many = tooManyPictures(pictures.length);
  if (many) return many;
  const failure = new AbortController();
  const anyEnd = AbortSignal.any([signal, failure.signal]);
  const until = performance.now() + (deadlineMs ?? Infinity);
  const answers: Outcome<PredictionRecord>[] = [];
  let why: Fault | null = null;
  let next = 0;
  const work = async (): Promise<void> => {
    while (why === null && next < pictures.length) {
      const at = next++;
      const picture = pictures[at]!;
      const leftMs = Math.max(until - performance.now(), 1);
      const answer: Outcome<PredictionRecord> =
        picture.bytes.byteLength === 0
          ? failed('file-empty', { file: picture.name })
          : await serving.picture({
              ...how,
              ...picture,
              signal: anyEnd,
              ...(deadlineMs !== undefined && { deadlineMs: leftMs }),
            });
      answers[at] = answer;
      if (answer.ok || !isAllOrNothing || why !== null) continue;
      why = answer.fault;
      failure.abort();
    }
  };
  const atOnce = Math.min(pictures.length, Math.max(2, serving.status().workers * 2));
  await Promise.all(Array.from({ length: atOnce }, work));
  return why === null ? { ok: true, value: answers } : { ok: false, fault: why };
}
