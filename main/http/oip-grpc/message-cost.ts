import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { mostTexts } from '../tensors/index.ts';

/** Numbers in typed contents: each is read on its own. Larger tensors come as raw contents, which are not read at all. */
export const mostTypedNumbers = 4 * 1024 ** 2;
/** Names, shapes, inputs, outputs, parameters and raw contents of one request, together. */
const mostFields = 64 * 1024;
/** Calls that carry no tensors are a few words. */
export const smallMessageBytes = 4 * 1024 ** 2;

type Kind =
  /** Text, bytes or whatever is kept as a view. */
  | 'bytes'
  | 'varint'
  | 'fixed32'
  | 'fixed64'
  /** Elements of BYTES. */
  | 'texts'
  /** Of each the count in the message: packed behind one length, or one by one. */
  | { readonly numbers: 'varint' | 4 | 8; readonly isWide?: true }
  | { readonly message: Fields };
type Fields = { readonly [field: number]: Kind };

const parameter: Fields = { 1: 'varint', 2: 'varint', 3: 'bytes', 4: 'fixed64', 5: 'varint' };
const entry: Kind = { message: { 1: 'bytes', 2: { message: parameter } } };
const wide: Kind = { numbers: 'varint', isWide: true };
const contents: Fields = {
  1: { numbers: 'varint' },
  2: { numbers: 'varint' },
  3: wide,
  4: { numbers: 'varint' },
  5: wide,
  6: { numbers: 4 },
  7: { numbers: 8 },
  8: 'texts',
};
const input: Fields = { 1: 'bytes', 2: 'bytes', 3: wide, 4: entry, 5: { message: contents } };
/** Numbers of fields as in grpc_service.proto (test/fixtures/proto); a test holds the two together. */
const request: Fields = {
  1: 'bytes',
  2: 'bytes',
  3: 'bytes',
  4: entry,
  5: { message: input },
  6: { message: { 1: 'bytes', 2: entry } },
  7: 'bytes',
};

/** Bytes that V8 takes for what one field, element or number becomes; measured, rounded up. */
const fieldBytes = 256;
const textBytes = 128;
const numberBytes = 8;
const wideBytes = 64;

type Counted = { fields: number; texts: number; numbers: number; wideNumbers: number };

/**
 * What a ModelInferRequest costs in memory when it is read, in bytes. Looks at the heads of its fields alone, and is strict
 * where protobuf's readers are not, so that what is counted here is what they make of it. Fault: `request-malformed`.
 */
export function costOfInfer(bytes: Uint8Array): Outcome<number> {
  const counted: Counted = { fields: 0, texts: 0, numbers: 0, wideNumbers: 0 };
  const why = walk({ bytes, from: 0, end: bytes.byteLength }, request, counted) ?? tooMuch(counted);
  if (why !== null) return failed('request-malformed', { what: 'The message', reason: why });
  const { fields, texts, numbers, wideNumbers } = counted;
  const objects = fields * fieldBytes + texts * textBytes;
  return ok(bytes.byteLength + objects + numbers * numberBytes + wideNumbers * wideBytes);
}

function tooMuch({ fields, texts, numbers, wideNumbers }: Counted): string | null {
  if (fields > mostFields) return `it has more than ${mostFields} fields`;
  if (texts > mostTexts) return `it has more than ${mostTexts} texts`;
  if (numbers + wideNumbers > mostTypedNumbers)
    return `it has more than ${mostTypedNumbers} numbers in typed contents; more come in raw_input_contents`;
  return null;
}

type Span = { readonly bytes: Uint8Array; readonly from: number; readonly end: number };
const broken = 'it is no ModelInferRequest';

/** Why not, or null. */
function walk({ bytes, from, end }: Span, fields: Fields, counted: Counted): string | null {
  for (let at = from; at < end;) {
    const tag = unsigned(bytes, at, end);
    if (tag === null) return broken;
    const wire = tag.value & 7;
    const kind = fields[tag.value >>> 3];
    const span = spanOf({ bytes, from: tag.end, end }, wire);
    if (span === null || (kind !== undefined && !isWritten(kind, wire))) return broken;
    const why = count({ kind, isLong: wire === 2 }, span, counted);
    if (why !== null) return why;
    at = span.end;
  }
  return null;
}

type Came = { readonly kind: Kind | undefined; readonly isLong: boolean };

function count({ kind, isLong }: Came, span: Span, counted: Counted): string | null {
  if (typeof kind === 'object' && 'numbers' in kind) {
    const many = isLong ? numbersIn(span, kind.numbers) : 1;
    if (many === null) return broken;
    counted[kind.isWide ? 'wideNumbers' : 'numbers'] += many;
  } else counted[kind === 'texts' ? 'texts' : 'fields'] += 1;
  const why = tooMuch(counted);
  if (why !== null) return why;
  return typeof kind === 'object' && 'message' in kind ? walk(span, kind.message, counted) : null;
}

/** Whether a field of this kind may come in this wire type. */
function isWritten(kind: Kind, wire: number): boolean {
  if (kind === 'varint') return wire === 0;
  if (kind === 'fixed64') return wire === 1;
  if (kind === 'fixed32') return wire === 5;
  if (typeof kind === 'string' || 'message' in kind) return wire === 2;
  if (wire === 2) return true;
  return wire === (kind.numbers === 'varint' ? 0 : kind.numbers === 4 ? 5 : 1);
}

/** Where the value of a field lies that begins at `from`. Groups are in no message of today. */
function spanOf({ bytes, from, end }: Span, wire: number): Span | null {
  if (wire === 2) {
    const length = unsigned(bytes, from, end);
    return length === null ? null : within(bytes, length.end, { last: length.end + length.value, end });
  }
  if (wire === 1) return within(bytes, from, { last: from + 8, end });
  if (wire === 5) return within(bytes, from, { last: from + 4, end });
  if (wire !== 0) return null;
  for (let at = from; at < Math.min(end, from + 10); at += 1)
    if (bytes[at]! < 0x80) return within(bytes, from, { last: at + 1, end });
  return null;
}

const within = (bytes: Uint8Array, from: number, to: { last: number; end: number }): Span | null =>
  to.last <= to.end ? { bytes, from, end: to.last } : null;

/** Packed numbers; of varints those bytes are counted that end one. Null where the last is cut off. */
function numbersIn({ bytes, from, end }: Span, size: 'varint' | 4 | 8): number | null {
  if (size !== 'varint') return (end - from) % size === 0 ? (end - from) / size : null;
  let found = 0;
  let length = 0;
  for (let at = from; at < end; at += 1) {
    length += 1;
    if (bytes[at]! < 0x80) {
      found += 1;
      length = 0;
    } else if (length >= 10) return null;
    if (found > mostTypedNumbers) break;
  }
  return length === 0 ? found : null;
}

/** 32 bits in at most five bytes; longer forms are read differently by different readers. */
function unsigned(bytes: Uint8Array, from: number, end: number): { value: number; end: number } | null {
  let value = 0;
  let scale = 1;
  for (let at = from; at < Math.min(end, from + 5); at += 1) {
    const byte = bytes[at]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value < 2 ** 32 ? { value, end: at + 1 } : null;
    scale *= 128;
  }
  return null;
}
