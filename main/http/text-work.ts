import type { Outcome } from '../../contract/faults/faults.ts';
import type { TensorBytes, TensorSpec } from '../../contract/tensors/tensor.ts';
import { asBuffer } from '../lib/as-buffer.ts';
import type { InferMessage } from './oip/message.ts';
import { readInferJson } from './oip/read-json.ts';
import type { JsonRules } from './oip/read-json.ts';
import { printedTensors, tableText } from './predict/csv/write.ts';
import { tableTensors } from './predict/csv/matrix.ts';
import type { TableTensors } from './predict/csv/matrix.ts';
import { readTfs } from './tfserving/read-request.ts';
import type { TfsReading, TfsRequest } from './tfserving/read-request.ts';
import type { Read } from './tfserving/refusal.ts';
import { writeTfs } from './tfserving/write-answer.ts';
import type { TfsWriting } from './tfserving/write-answer.ts';
import { tensorPieces } from './tensors/write-pieces.ts';
import type { TensorPieces } from './tensors/write-pieces.ts';

type ReadInfer = { readonly text: Buffer; readonly rules: JsonRules };
type ReadTable = {
  readonly bytes: Uint8Array;
  readonly inputs: readonly TensorSpec[];
  readonly maxRows: number;
};
type WriteTable = { readonly tensors: readonly TensorBytes[]; readonly rows: number };

/**
 * What takes longer the larger a request or an answer is: texts that are read into tensors, and tensors that are written as
 * text. Each is a function of data alone, so that it can run here or on another thread.
 */
export const work = {
  readInfer: ({ text, rules }: ReadInfer): Outcome<InferMessage> => readInferJson(asBuffer(text), rules),
  writeTensors: (tensors: readonly TensorBytes[]): readonly TensorPieces[] => tensors.map(tensorPieces),
  readTfs: (asked: TfsReading): Read<TfsRequest> => readTfs({ ...asked, body: asBuffer(asked.body) }),
  writeTfs: (asked: TfsWriting): Read<string | Uint8Array> => writeTfs(asked),
  readTable: ({ bytes, inputs, maxRows }: ReadTable): Outcome<TableTensors> =>
    tableTensors(bytes, inputs, maxRows),
  writeTable: ({ tensors, rows }: WriteTable): Outcome<Uint8Array> => tableText(tensors, rows),
  printTensors: (tensors: readonly TensorBytes[]): Uint8Array => printedTensors(tensors),
};
export type Work = typeof work;
export type WorkName = keyof Work;
export type WorkInput<N extends WorkName> = Parameters<Work[N]>[0];
export type WorkOutput<N extends WorkName> = ReturnType<Work[N]>;

/** Does one piece of work by its name. */
export function perform<N extends WorkName>(name: N, input: WorkInput<N>): WorkOutput<N> {
  const run = work[name] as (input: WorkInput<N>) => WorkOutput<N>;
  return run(input);
}

/** Smaller pieces may share Node's pool, which must not move. */
const leastMoved = 64 * 1024;
const deepest = 6;

/** The memory of large byte arrays in a value, to be moved to another thread instead of copied. */
export function movable(value: unknown, depth = 0): ReadonlySet<ArrayBuffer> {
  const found = new Set<ArrayBuffer>();
  const add = (inner: unknown): void => {
    for (const buffer of movable(inner, depth + 1)) found.add(buffer);
  };
  if (ArrayBuffer.isView(value)) {
    const { buffer } = value;
    if (value.byteLength >= leastMoved && buffer instanceof ArrayBuffer) found.add(buffer);
  } else if (depth < deepest && Array.isArray(value)) {
    if (value.length <= mostLooked) value.forEach(add);
  } else if (depth < deepest && typeof value === 'object' && value !== null) {
    Object.values(value).forEach(add);
  }
  return found;
}
const mostLooked = 4096;

/** What the object of a view or a text takes besides its bytes. */
const bytesPerValue = 100;

/** The memory that a result takes on the other side: all of each buffer that a view lies in, and its texts. */
export function heldBytes(value: unknown): number {
  const buffers = new Set<ArrayBufferLike>();
  let bytes = 0;
  const look = (inner: unknown): void => {
    if (ArrayBuffer.isView(inner)) {
      bytes += bytesPerValue + (buffers.has(inner.buffer) ? 0 : inner.buffer.byteLength);
      buffers.add(inner.buffer);
    } else if (typeof inner === 'string') bytes += bytesPerValue + inner.length;
    else if (Array.isArray(inner)) inner.forEach(look);
    else if (typeof inner === 'object' && inner !== null) Object.values(inner).forEach(look);
  };
  look(value);
  return bytes;
}
