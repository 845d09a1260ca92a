import type { FastifyReply } from 'fastify';
import { fault } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import type { PredictionRecord } from '../../../contract/prediction.ts';
import type { ServedVersion } from '../../../contract/serving.ts';
import type { HttpContext } from '../context.ts';
import { refuse } from '../refuse.ts';
import { chooseType } from './accept.ts';
import type { PredictAsk } from './ask.ts';
import { goneSignal } from './gone.ts';
import { faultRecordOf, recordOf } from './record.ts';

export type NamedBytes = { readonly name: string; readonly bytes: Buffer };
export type PictureAsk = {
  readonly context: HttpContext;
  readonly served: ServedVersion;
  readonly ask: PredictAsk;
};

/** One photo: its record, or its fault with the fault's own status. */
export async function answerPicture(
  parts: PictureAsk,
  photo: NamedBytes,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const answer = await predict(parts, photo, goneSignal(reply));
  if (!answer.ok) return refuse(reply, answer.fault);
  return reply.type('application/json').send(`${JSON.stringify(recordOf(answer.value, parts.ask.top))}\n`);
}

/** So many of one form are under way at once: the others of the queue have their turn too. */
const atOnce = 8;

/** Several photos: a record for each, in their order, as a list or as lines; a fault stands in its photo's place. None of them can be answered: the first one's fault. */
export async function answerPictures(
  parts: PictureAsk,
  photos: readonly NamedBytes[],
  reply: FastifyReply,
): Promise<FastifyReply> {
  const signal = goneSignal(reply);
  const answers: Outcome<PredictionRecord>[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < photos.length; at = next++) {
      answers[at] = await predict(parts, photos[at]!, signal);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, photos.length) }, work));
  const [first] = answers;
  if (first && !first.ok && !answers.some(({ ok }) => ok)) return refuse(reply, first.fault);
  const type = chooseType(reply.request.headers.accept, [
    'application/json',
    'application/x-ndjson',
    'application/jsonl',
  ]);
  const lines = answers.map((answer, at) =>
    JSON.stringify(
      answer.ok ? recordOf(answer.value, parts.ask.top) : faultRecordOf(photos[at]!.name, answer.fault),
    ),
  );
  return reply
    .type(type)
    .send(type === 'application/json' ? `[${lines.join(',\n')}]\n` : `${lines.join('\n')}\n`);
}

function predict(
  { context: { serving, limits }, served, ask }: PictureAsk,
  { name, bytes }: NamedBytes,
  signal: AbortSignal,
): Promise<Outcome<PredictionRecord>> {
  if (bytes.byteLength === 0)
    return Promise.resolve({ ok: false, fault: fault('file-empty', { file: name }) });
  const { top, decode, cache } = ask;
  return serving.picture({
    served,
    door: 'http',
    deadlineMs: limits.timeoutMs,
    signal,
    bytes,
    name,
    top,
    ...(decode && { decode }),
    ...(cache !== undefined && { useCache: cache }),
  });
}
