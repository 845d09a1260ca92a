import { datatypeOf } from '../../../contract/tensors/datatypes.ts';
import { elementCount } from '../../../contract/tensors/tensor-codec.ts';
import type { FastifyRequest } from 'fastify';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { ServedVersion } from '../../../contract/serving/serving.ts';
import { bytesPerElement, isFixed } from '../../../contract/tensors/tensor.ts';
import type { TensorSpec } from '../../../contract/tensors/tensor.ts';
import { joinStrings } from '../../lib/length-prefixed.ts';
import { jsonBytesHeader, ownText, shareOf } from '../server/index.ts';
import type { DirectRequest, TextThreads } from '../server/index.ts';
import { withOptions } from './head-reader.ts';
import type { Head, ReadHead } from './head-reader.ts';
import type { InferMessage } from './message.ts';
import type { JsonRules } from './read-json.ts';

/** A request taken apart: its JSON, and the bytes that stand behind it. */
type InferBody = {
  readonly message: InferMessage;
  readonly tail: Buffer;
  /** The body was one tensor and nothing else: everything comes back binary. */
  readonly isRaw: boolean;
};
const nothing = Buffer.alloc(0);

export type Reading = {
  readonly threads: TextThreads;
  readonly rules: JsonRules;
  readonly signal: AbortSignal;
};

export async function readBody(
  request: FastifyRequest,
  served: ServedVersion,
  { threads, rules, signal }: Reading,
): Promise<Outcome<InferBody>> {
  const body = Buffer.isBuffer(request.body) ? request.body : nothing;
  const share = shareOf(request.raw);
  const parts = takeApart(body, request.headers[jsonBytesHeader]);
  if (!parts.ok) return parts;
  if (parts.value === null) return rawBody(body, served);
  const { text, tail } = parts.value;
  const own = text === body ? text : ownText(text, share);
  const given = { bytes: own.byteLength, signal, share };
  const message = await threads.perform('readInfer', { text: own, rules }, given);
  return message.ok ? ok({ message: message.value, tail, isRaw: false }) : message;
}

/** The same of a body that is small, within this call. */
export function readSmallBody(
  { body, headers, served }: Pick<DirectRequest, 'body' | 'headers' | 'served'>,
  readHead: ReadHead,
): Outcome<InferBody & Head> {
  const parts = takeApart(body, headers[jsonBytesHeader]);
  if (!parts.ok) return parts;
  if (parts.value === null) {
    const raw = rawBody(body, served);
    if (!raw.ok) return raw;
    const head = withOptions(raw.value.message);
    return head.ok ? ok({ ...raw.value, options: head.value.options }) : head;
  }
  const { text, tail } = parts.value;
  const head = readHead(text, tail);
  if (!head.ok) return head;
  const { message, options } = head.value;
  return ok({ message, options, tail, isRaw: false });
}

/** Null for a body that is one tensor and nothing else. */
function takeApart(
  body: Buffer,
  header: string | string[] | undefined,
): Outcome<{ readonly text: Buffer; readonly tail: Buffer } | null> {
  if (header === undefined) return ok({ text: body, tail: nothing });
  const size = typeof header === 'string' && /^\d{1,12}$/u.test(header) ? Number(header) : null;
  if (size === null || size > body.byteLength)
    return failed('request-malformed', {
      what: 'Inference-Header-Content-Length',
      reason: `it is a number of bytes up to ${body.byteLength}, and ${String(header).slice(0, 40)} came`,
    });
  return ok(size === 0 ? null : { text: body.subarray(0, size), tail: body.subarray(size) });
}

/** One input, whose free dimension, if it has one, follows from the bytes. */
function rawBody(body: Buffer, { inputs, ref }: ServedVersion): Outcome<InferBody> {
  const [spec] = inputs;
  if (!spec || inputs.length > 1)
    return failed('request-malformed', {
      what: 'The raw body',
      reason: `${ref} takes ${inputs.length} inputs`,
    });
  const shape = rawShape(spec, body.byteLength);
  if (!shape)
    return failed('request-malformed', {
      what: 'The raw body',
      reason: `${body.byteLength} bytes are no whole tensor ${spec.name} of ${datatypeOf(spec.type)} [${spec.shape.join(', ')}]`,
    });
  const isText = spec.type === 'string';
  const data = isText ? joinStrings([body]) : body;
  return ok({
    message: {
      id: null,
      parameters: {},
      inputs: [{ name: spec.name, datatype: datatypeOf(spec.type), shape, parameters: {}, data }],
      outputs: [],
    },
    tail: nothing,
    isRaw: true,
  });
}

function rawShape({ shape, type }: TensorSpec, bytes: number): readonly number[] | null {
  const each = bytesPerElement(type);
  if (each === null) return shape.map(() => 1);
  const fixed = shape.filter(isFixed);
  const free = shape.length - fixed.length;
  const count = bytes / each / elementCount(fixed);
  if (free > 1 || !Number.isSafeInteger(count) || (free === 0 && count !== 1)) return null;
  return shape.map((dim) => (isFixed(dim) ? dim : count));
}
