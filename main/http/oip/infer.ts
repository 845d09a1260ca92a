import type { FastifyReply, FastifyRequest } from 'fastify';
import { fault } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { ServedVersion } from '../../../contract/serving/serving.ts';
import { asBuffer } from '../../lib/as-buffer.ts';
import {
  bytesOf,
  disconnectSignal,
  handedOver,
  jsonBytesHeader,
  jsonType,
  refuse,
  shareOf,
  slicesOf,
} from '../server/index.ts';
import type { DirectReply, HttpContext } from '../server/index.ts';
import { ask } from './ask.ts';
import { readBody } from './body.ts';
import { readInferOptions } from './infer-options.ts';
import { writeAnswer } from './write.ts';
import type { InferResponse } from './write.ts';

/** Answers one inference request, as JSON or with binary tensors behind it. */
export async function answerInfer(
  context: HttpContext,
  served: ServedVersion,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<FastifyReply> {
  const begun = performance.now();
  const { threads, limits } = context;
  const refused = (why: Fault): FastifyReply => {
    context.serving.refused(served, 'http', why);
    return refuse(reply, why);
  };
  const share = shareOf(request.raw);
  const signal = disconnectSignal(request.raw.socket);
  const read = await readBody(request, served, { threads, rules: limits, signal });
  if (!read.ok) return refused(read.fault);
  const { message, tail, isRaw } = read.value;
  const options = readInferOptions(message);
  if (!options.ok) return refused(options.fault);
  const { timeoutMs, isBinary } = options.value;
  const result = handedOver(request.raw)?.result ?? null;
  const answer = await ask(context, { served, message, tail, options: options.value, signal, result });
  if (!answer.ok) return refuse(reply, answer.fault);
  // The engine's timer is coarser than a short deadline: check again at the end.
  if (timeoutMs !== null && performance.now() - begun > timeoutMs)
    return refuse(reply, fault('deadline-exceeded', { seconds: timeoutMs / 1000 }));
  const tensors = answer.value;
  const bytes = bytesOf(tensors);
  if (!share.grow(bytes)) return refuse(reply, share.fault(bytes));
  const written = await writeAnswer(
    { id: message.id, served, tensors, isBinary: isRaw ? () => true : isBinary },
    { threads, signal, share },
  );
  return written.ok ? send(reply, written.value) : refuse(reply, written.fault);
}

/** Below this size concatenating is cheaper than another write. */
const smallBlobs = 64 * 1024;

function send(reply: FastifyReply, response: InferResponse): FastifyReply {
  const { blobs } = response;
  reply.type(blobs ? 'application/octet-stream' : 'application/json');
  const { text, pieces, headBytes } = packed(response);
  if (text !== null) return reply.send(text);
  if (blobs) reply.header(jsonBytesHeader, headBytes);
  const size = sizeOf(pieces);
  if (size <= smallBlobs) return reply.send(Buffer.concat(pieces));
  reply.header('content-length', size);
  return reply.send(slicesOf(pieces));
}

type Packed =
  | { readonly text: string; readonly pieces: readonly []; readonly headBytes: 0 }
  /** `headBytes` are those of the JSON. */
  | { readonly text: null; readonly pieces: readonly Uint8Array[]; readonly headBytes: number };

function packed({ json, blobs }: InferResponse): Packed {
  const isText = json.every((piece) => typeof piece === 'string');
  if (!blobs && isText) return { text: json.join(''), pieces: [], headBytes: 0 };
  const head = isText
    ? [Buffer.from(json.join(''))]
    : json.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece));
  return { text: null, pieces: [...head, ...(blobs ?? [])], headBytes: sizeOf(head) };
}

/** An answer as `send` gives it, for a small one. */
export function directReply(response: InferResponse): DirectReply {
  const { text, pieces, headBytes } = packed(response);
  if (text !== null) return { kind: 'written', type: jsonType, text, encoding: 'utf8' };
  return {
    kind: 'written',
    type: 'application/octet-stream',
    header: [jsonBytesHeader, String(headBytes)],
    text: pieces.map((piece) => asBuffer(piece).toString('latin1')).join(''),
    encoding: 'latin1',
  };
}

const sizeOf = (pieces: readonly Uint8Array[]): number =>
  pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
