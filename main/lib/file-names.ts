import { readFileSync } from 'node:fs';
import { asBuffer } from './as-buffer.ts';

/*
 * File names on Linux are bytes: most are UTF-8, some from older disks and cameras are Latin-1. Paths are strings here
 * nevertheless: a byte that is not valid UTF-8 is represented by U+DC80 to U+DCFF, as in Python's `surrogateescape`
 * (PEP 383); no real name can contain these. JSON writes such a byte as `\udcfc`, so the name survives, and Python
 * opens it as it is read.
 */
const escaped = /[\uDC80-\uDCFF]/u;

/** A name as a string, whatever its encoding. */
export function nameOf(bytes: Uint8Array): string {
  const buffer = asBuffer(bytes);
  const text = buffer.toString('utf8');
  if (!text.includes('\uFFFD') || Buffer.from(text).equals(buffer)) return text;
  let name = '';
  for (let at = 0; at < buffer.length;) {
    const length = sequenceLength(buffer, at);
    name +=
      length > 0 ? buffer.toString('utf8', at, at + length) : String.fromCharCode(0xdc00 + (buffer[at] ?? 0));
    at += Math.max(1, length);
  }
  return name;
}

/** The path to pass to `node:fs`: the string, or its original bytes where those are not UTF-8. */
export function fsPath(path: string): string | Buffer {
  return escaped.test(path) ? bytesOf(path) : path;
}

/** The original bytes of a name that `nameOf` decoded. */
export function bytesOf(name: string): Buffer {
  const pieces = name.split(/([\uDC80-\uDCFF])/u);
  return Buffer.concat(
    pieces.map((piece, at) => (at % 2 === 1 ? Buffer.of(piece.charCodeAt(0) & 0xff) : Buffer.from(piece))),
  );
}

/** For display, where JSON's escape is not possible: `Gr\xFCn.jpg`. */
export function shownName(name: string): string {
  return name.replace(
    /[\uDC80-\uDCFF]/gu,
    (byte) => `\\x${(byte.charCodeAt(0) & 0xff).toString(16).toUpperCase()}`,
  );
}

/**
 * As valid UTF-8 for a database or table: escaped bytes are moved to a private-use area, since a lone surrogate cannot
 * be encoded. `fromStorable` reverses it.
 */
export function toStorable(name: string): string {
  return name.replace(/[\uDC80-\uDCFF]/gu, (byte) =>
    String.fromCodePoint(0x10_ff00 + (byte.charCodeAt(0) & 0xff)),
  );
}
export function fromStorable(text: string): string {
  return text.replace(/[\u{10FF80}-\u{10FFFF}]/gu, (one) =>
    String.fromCharCode(0xdc00 + ((one.codePointAt(0) ?? 0) & 0xff)),
  );
}

/**
 * The arguments byte for byte. Node decodes them as UTF-8 and loses other bytes; on Linux they are read again from
 * /proc. Where that is missing or does not match these arguments, they are returned unchanged.
 */
export function argumentsAsGiven(argv: readonly string[]): readonly string[] {
  if (process.platform !== 'linux' || !argv.some((word) => word.includes('\uFFFD'))) return argv;
  try {
    const whole = readFileSync('/proc/self/cmdline');
    const given: Buffer[] = [];
    for (let from = 0, end = whole.indexOf(0); end >= 0; from = end + 1, end = whole.indexOf(0, from))
      given.push(whole.subarray(from, end));
    const own = given.slice(-argv.length);
    return argv.every((word, at) => own[at]?.toString('utf8') === word) ? own.map(nameOf) : argv;
  } catch {
    return argv;
  }
}

/** Length of the UTF-8 sequence that starts here; 0 for none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  const piece = bytes.subarray(at, at + length);
  return Buffer.from(piece.toString('utf8')).equals(piece) ? length : 0;
}
