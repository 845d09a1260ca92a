/**
 * One field of a protobuf message: all of it (`bytes`), and its payload (`content` of a length-delimited field, `value`
 * of a varint).
 */
export type ProtoField = {
  readonly number: number;
  readonly wireType: number;
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
  readonly value: number;
};

const nothing = new Uint8Array(0);

/** The fields of a message in order, as views. Throws a RangeError for what is not protobuf. */
export function* fieldsIn(message: Uint8Array): Generator<ProtoField> {
  for (let at = 0; at < message.byteLength;) {
    const from = at;
    const tag = varintAt(message, at);
    at = tag.end;
    const [number, wireType] = [Math.floor(tag.value / 8), tag.value % 8];
    const head = wireType === 0 || wireType === 2 ? varintAt(message, at) : { value: 0, end: at };
    const start = head.end;
    const long = wireType === 2 ? head.value : (fixedBytes.get(wireType) ?? NaN);
    // The negated comparison also catches a length that is NaN.
    if (!(start + long <= message.byteLength)) throw new RangeError(`byte ${from} is no protobuf`);
    at = start + long;
    const content = wireType === 2 ? message.subarray(start, at) : nothing;
    yield { number, wireType, bytes: message.subarray(from, at), content, value: head.value };
  }
}

const fixedBytes = new Map([
  [0, 0],
  [1, 8],
  [5, 4],
]);

/** The contents of all length-delimited fields with this number. */
export function partsIn(message: Uint8Array, number: number): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const field of fieldsIn(message))
    if (field.number === number && field.wireType === 2) found.push(field.content);
  return found;
}

/** The text of the last field with this number; empty when there is none. */
export const textIn = (message: Uint8Array, number: number): string =>
  Buffer.from(partsIn(message, number).at(-1) ?? nothing).toString('utf8');

/** The last varint field with this number, read as signed; undefined when there is none. */
export function numberIn(message: Uint8Array, number: number): number | undefined {
  let found: Uint8Array | null = null;
  for (const field of fieldsIn(message))
    if (field.number === number && field.wireType === 0) found = field.bytes;
  // The field's tag is a varint as well.
  return found ? Number(signedIn(found).at(-1)) : undefined;
}

/** Encodes a length-delimited field; texts as UTF-8. */
export function lengthField(number: number, ...content: readonly (Uint8Array | string)[]): Buffer {
  const parts = content.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
  const long = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return Buffer.concat([varint(number * 8 + 2), varint(long), ...parts]);
}

/** Encodes a varint field with an unsigned integer. */
export const numberField = (number: number, value: number): Buffer =>
  Buffer.concat([varint(number * 8), varint(value)]);

/** Decodes packed signed varints. Throws a RangeError when the last one is cut off. */
export function signedIn(packed: Uint8Array): readonly bigint[] {
  const found: bigint[] = [];
  for (let at = 0; at < packed.byteLength;) {
    const { end } = varintAt(packed, at);
    let value = 0n;
    for (let last = end - 1; last >= at; last -= 1) value = value * 128n + BigInt(packed[last]! & 0x7f);
    found.push(BigInt.asIntN(64, value));
    at = end;
  }
  return found;
}

function varintAt(message: Uint8Array, from: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let scale = 1;
  for (let at = from; at < message.byteLength && at < from + 10; at += 1) {
    const byte = message[at]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: at + 1 };
    scale *= 128;
  }
  throw new RangeError(`byte ${from} is no protobuf`);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
