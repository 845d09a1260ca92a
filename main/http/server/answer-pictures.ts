import { failed } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type { PredictionRecord } from '../../../contract/runs/prediction.ts';
import { mapConcurrently } from '../../lib/concurrency.ts';
import type { PictureRequest, Serving } from '../../serving/index.ts';

/** Pictures of one request; more come in several requests. */
export const mostPictures = 1024;

export type Picture = Pick<PictureRequest, 'name' | 'bytes' | 'digest'>;
export type PictureOptions = Omit<PictureRequest, 'bytes' | 'name' | 'digest' | 'signal'> & {
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
  { isAllOrNothing, signal, deadlineMs, ...how }: PictureOptions,
): Promise<Outcome<readonly Outcome<PredictionRecord>[]>> {
  const many = tooManyPictures(pictures.length);
  if (many) return many;
  const until = performance.now() + (deadlineMs ?? Infinity);
  let why: Fault | null = null;
  const limit = Math.min(pictures.length, Math.max(2, serving.status().workers * 2));
  const answers = await mapConcurrently(pictures, { limit, signal }, async (picture, turn) => {
    const leftMs = Math.max(until - performance.now(), 1);
    const answer: Outcome<PredictionRecord> =
      picture.bytes.byteLength === 0
        ? failed('file-empty', { file: picture.name })
        : await serving.picture({
            ...how,
            ...picture,
            signal: turn.signal,
            ...(deadlineMs !== undefined && { deadlineMs: leftMs }),
          });
    if (answer.ok || !isAllOrNothing || why !== null) return answer;
    why = answer.fault;
    turn.stop();
    return answer;
  });
  if (why !== null) return { ok: false, fault: why };
  const given = answers.flatMap((answer) => answer ?? []);
  return given.length < pictures.length ? failed('cancelled') : { ok: true, value: given };
}
