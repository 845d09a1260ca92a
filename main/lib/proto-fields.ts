/** One field of a protobuf message, whole (`bytes`) and what it holds: `content` of a field with a length, `value` of a number. */
export type ProtoField = {
  readonly number: number;
  readonly wireType: number;
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
  readonly value: number;
};

const nothing = new Uint8Array(0);

/** The fields of a message in their order, as views. Throws a RangeError for what is no message. */
export function* fieldsIn(message: Uint8Array): Generator<ProtoField> {
  for (let at = 0; at < message.byteLength;) {
    const from = at;
    const tag = varintAt(message, at);
    at = tag.end;
    const [number, wireType] = [Math.floor(tag.value / 8), tag.value % 8];
    const head = wireType === 0 || wireType === 2 ? varintAt(message, at) : { value: 0, end: at };
    const start = head.end;
    const long = wireType === 2 ? head.value : (fixedBytes.get(wireType) ?? NaN);
    // A length that is no number is none either.
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

/** A field with a length; texts as UTF-8. */
export function lengthField(number: number, ...content: readonly (Uint8Array | string)[]): Buffer {
  const parts = content.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
  const long = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return Buffer.concat([varint(number * 8 + 2), varint(long), ...parts]);
}

/** A field that is a whole number from 0. */
export const numberField = (number: number, value: number): Buffer =>
  Buffer.concat([varint(number * 8), varint(value)]);

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
