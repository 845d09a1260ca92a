import { Buffer } from 'node:buffer';
import type { Json } from './tree.ts';

/** Longest piece of a request that a refusal repeats, in bytes. */
export const echoBytes = 256;

/** A value as it stood in the request, cut to 256 bytes at a character's border. */
export function echo(body: Buffer, { start, end }: { readonly start: number; readonly end: number }): string {
  let stop = Math.min(end, start + echoBytes);
  if (stop < end) {
    // Not inside a character of several bytes.
    while (stop > start && (body[stop]! & 0xc0) === 0x80) stop -= 1;
  }
  return body.toString('utf8', start, stop);
}

/** RapidJSON's name of a value's kind. */
export function kindWord(value: Json): string {
  return `${value.kind.slice(0, 1).toUpperCase()}${value.kind.slice(1)}`;
}
