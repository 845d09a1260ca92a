import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fault } from '../../../contract/faults.ts';
import type { Fault } from '../../../contract/faults.ts';
import type { ServedVersion } from '../../../contract/serving.ts';
import type { HttpContext } from '../context.ts';
import { goneSignal } from '../gone.ts';
import type { JsonReader } from '../json/door.ts';
import { refuse } from '../refuse.ts';
import { ask } from './ask.ts';
import { readBody } from './body.ts';
import { readWishes } from './wishes.ts';
import { writeAnswer } from './write.ts';
import type { WrittenAnswer } from './write.ts';

const lengthHeader = 'inference-header-content-length';

/** Answers one inference request, as JSON or with binary tensors behind it. */
export async function answerInfer(
  context: HttpContext,
  { reader, served }: { readonly reader: JsonReader; readonly served: ServedVersion },
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<FastifyReply> {
  const begun = performance.now();
  const refused = (why: Fault): FastifyReply => {
    context.serving.refused(served, 'http', why);
    return refuse(reply, why);
  };
  const read = await readBody(request, served, { reader, rules: context.limits });
  if (!read.ok) return refused(read.fault);
  const { message, tail, isRaw } = read.value;
  const wishes = readWishes(message);
  if (!wishes.ok) return refused(wishes.fault);
  const { timeoutMs, isBinary } = wishes.value;
  const signal = goneSignal(request.raw.socket);
  const answer = await ask(context, { served, message, tail, wishes: wishes.value, signal });
  if (!answer.ok) return refuse(reply, answer.fault);
  // What took less than a tick of the engine's clock is late all the same.
  if (timeoutMs !== null && performance.now() - begun > timeoutMs)
    return refuse(reply, fault('deadline-exceeded', { seconds: timeoutMs / 1000 }));
  const written = writeAnswer({
    id: message.id,
    served,
    tensors: answer.value,
    isBinary: isRaw ? () => true : isBinary,
  });
  return written.ok ? send(reply, written.value) : refuse(reply, written.fault);
}

/** Bytes that are put behind the JSON in one piece: below this a copy costs less than another write. */
const smallBlobs = 64 * 1024;

function send(reply: FastifyReply, { json, blobs }: WrittenAnswer): FastifyReply {
  if (!blobs) return reply.type('application/json').send(json);
  const head = Buffer.from(json);
  const size = blobs.reduce((sum, { byteLength }) => sum + byteLength, 0);
  reply.type('application/octet-stream').header(lengthHeader, head.byteLength);
  if (size <= smallBlobs) return reply.send(Buffer.concat([head, ...blobs]));
  reply.header('content-length', head.byteLength + size);
  return reply.send(Readable.from([head, ...blobs.filter(({ byteLength }) => byteLength > 0)]));
}
