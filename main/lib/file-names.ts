import { readFileSync } from 'node:fs';
import { asBuffer } from './as-buffer.ts';

/*
 * Names on Linux are bytes; most are UTF-8, some come from older disks and cameras in Latin-1. Paths are strings here all
 * the same: a byte that is no UTF-8 stands in them as U+DC80 to U+DCFF, as in Python's `surrogateescape` (PEP 383), which
 * no real name can hold. JSON writes such a byte as `\udcfc`, so the name survives, and Python opens it as it is read.
 */
const escaped = /[\uDC80-\uDCFF]/u;

/** A name as a string, whatever its bytes are. */
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

/** What `node:fs` is given for a path: the string, or its very bytes where those are no UTF-8. */
export function fsPath(path: string): string | Buffer {
  return escaped.test(path) ? bytesOf(path) : path;
}

/** The bytes that `nameOf` read. */
export function bytesOf(name: string): Buffer {
  const pieces = name.split(/([\uDC80-\uDCFF])/u);
  return Buffer.concat(
    pieces.map((piece, at) => (at % 2 === 1 ? Buffer.of(piece.charCodeAt(0) & 0xff) : Buffer.from(piece))),
  );
}

/** For a person's eye, where JSON's escape cannot stand: `Gr\xFCn.jpg`. */
export function shownName(name: string): string {
  return name.replace(
    /[\uDC80-\uDCFF]/gu,
    (byte) => `\\x${(byte.charCodeAt(0) & 0xff).toString(16).toUpperCase()}`,
  );
}

/**
 * As UTF-8 text that a database or table keeps: the escaped bytes lie in a private area instead, since half of a
 * surrogate pair is no UTF-8. `fromStorable` gives the name back.
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
 * Arguments as they were given. Node reads them as UTF-8 and loses other bytes; Linux still has the bytes. Where it has
 * not, or they do not belong to these arguments, they stay as they are.
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

/** Bytes of the UTF-8 sequence that begins here; 0 where none does. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  const piece = bytes.subarray(at, at + length);
  return Buffer.from(piece.toString('utf8')).equals(piece) ? length : 0;
}
