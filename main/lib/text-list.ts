import { TextDecoder } from 'node:util';
import { nameOf } from './file-names.ts';
import { markOf, unmarkedUtf16 } from './text.ts';

/** Longer than any path: a list without separators must not fill the memory. */
const mostBytes = 1024 ** 2;

/**
 * The names in a list, as they arrive: one per line, or NUL-terminated (`find -print0`) when `isNull` is true or the
 * first name is followed by a NUL. Byte order marks and trailing carriage returns are removed, UTF-16 is decoded, blank
 * lines are skipped. Names are bytes, as in file-names.ts.
 */
export async function* readList(
  source: AsyncIterable<Uint8Array>,
  { isNull = false }: { readonly isNull?: boolean } = {},
): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  let separator: 0 | 10 | null = isNull ? 0 : null;
  for await (const chunk of asUtf8(source)) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    if (rest.includes(0)) separator ??= 0;
    else if (rest.includes(10)) separator ??= 10;
    let from = 0;
    for (let end = next(rest, separator, from); end >= 0; end = next(rest, separator, from)) {
      const name = entryOf(rest.subarray(from, end), separator);
      if (name !== '') yield name;
      from = end + 1;
    }
    rest = rest.subarray(from);
    if (rest.length > mostBytes) {
      yield entryOf(rest, separator);
      rest = Buffer.alloc(0);
    }
  }
  const last = entryOf(rest, separator);
  if (last !== '') yield last;
}

const next = (bytes: Buffer, separator: 0 | 10 | null, from: number): number =>
  separator === null ? -1 : bytes.indexOf(separator, from);

function entryOf(bytes: Buffer, separator: 0 | 10 | null): string {
  if (separator === 0) return nameOf(bytes);
  const name = nameOf(bytes.at(-1) === 13 ? bytes.subarray(0, -1) : bytes);
  return name.trim() === '' ? '' : name;
}

/** Removes a byte order mark and converts UTF-16 to UTF-8; other bytes stay as they are. */
async function* asUtf8(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Buffer | null = Buffer.alloc(0);
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  const begin = (bytes: Buffer): Uint8Array => {
    head = null;
    const encoding = markOf(bytes) ?? unmarkedUtf16(bytes) ?? 'utf-8';
    if (encoding === 'utf-8') return markOf(bytes) ? bytes.subarray(3) : bytes;
    decoder = new TextDecoder(encoding);
    return Buffer.from(decoder.decode(bytes, { stream: true }));
  };
  for await (const chunk of source) {
    if (head) {
      head = Buffer.concat([head, chunk]);
      // UTF-16 without a byte order mark is recognised by its first eight bytes.
      if (head.length >= 8) yield begin(head);
    } else yield decoder ? Buffer.from(decode(decoder, chunk)) : chunk;
  }
  if (head && head.length > 0) yield begin(head);
}

const decode = (decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array): string =>
  decoder.decode(chunk, { stream: true });
