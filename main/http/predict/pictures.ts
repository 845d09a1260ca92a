import type { FastifyReply } from 'fastify';
import type { Digest } from '../../../contract/ids.ts';
import { recordFault, recordOutcome } from '../../../contract/runs/record.ts';
import type { ServedVersion } from '../../../contract/serving/serving.ts';
import { answerPictures, disconnectSignal, refuse } from '../server/index.ts';
import type { PictureOptions, HttpContext } from '../server/index.ts';
import { chooseType } from './accept.ts';
import type { PredictOptions } from './predict-options.ts';

export type NamedBytes = { readonly name: string; readonly bytes: Buffer; readonly digest?: Digest | null };
type PhotoParts = {
  readonly context: HttpContext;
  readonly served: ServedVersion;
  readonly options: PredictOptions;
};

/** One photo: its record, or its fault with the fault's own status. */
export async function answerPhoto(
  parts: PhotoParts,
  photo: NamedBytes,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const how = { ...howOf(parts), signal: disconnectSignal(reply.request.raw.socket), isAllOrNothing: true };
  const answers = await answerPictures(parts.context.serving, [photo], how);
  if (!answers.ok) return refuse(reply, answers.fault);
  const answer = answers.value[0]!;
  if (!answer.ok) return refuse(reply, answer.fault);
  return reply
    .type('application/json')
    .send(`${JSON.stringify(recordOutcome(answer.value, parts.options))}\n`);
}

/** Several photos: a record for each, in their order, as a list or as lines; a fault stands in its photo's place. None of them can be answered: the first one's fault. */
export async function answerPhotos(
  parts: PhotoParts,
  photos: readonly NamedBytes[],
  reply: FastifyReply,
): Promise<FastifyReply> {
  const asked = await answerPictures(parts.context.serving, photos, {
    ...howOf(parts),
    signal: disconnectSignal(reply.request.raw.socket),
    isAllOrNothing: false,
  });
  if (!asked.ok) return refuse(reply, asked.fault);
  const answers = asked.value;
  const [first] = answers;
  if (first && !first.ok && !answers.some(({ ok }) => ok)) return refuse(reply, first.fault);
  const type = chooseType(reply.request.headers.accept, [
    'application/json',
    'application/x-ndjson',
    'application/jsonl',
  ]);
  const lines = answers.map((answer, at) =>
    JSON.stringify(
      answer.ok ? recordOutcome(answer.value, parts.options) : recordFault(photos[at]!.name, answer.fault),
    ),
  );
  return reply
    .type(type)
    .send(type === 'application/json' ? `[${lines.join(',\n')}]\n` : `${lines.join('\n')}\n`);
}

function howOf({
  context: { limits },
  served,
  options: { top, decode, thorough, cache },
}: PhotoParts): Omit<PictureOptions, 'signal' | 'isAllOrNothing'> {
  return {
    served,
    client: 'http',
    deadlineMs: limits.timeoutMs,
    top,
    ...(decode && { decode }),
    ...(thorough && { thorough }),
    ...(cache !== undefined && { useCache: cache }),
  };
}
