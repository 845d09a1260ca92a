import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';

/** One field or file of a form. `file` is null where the part has no file name. */
export type Part = { readonly name: string; readonly file: string | null; readonly bytes: Buffer };

const mostParts = 1_000;
const headEnd = Buffer.from('\r\n\r\n');

/**
 * The parts of a `multipart/form-data` body (RFC 7578) as views into it; nothing is copied or written anywhere.
 * Faults: `request-malformed`.
 */
export function readMultipart(body: Buffer, contentType: string): Outcome<readonly Part[]> {
  const boundary = parameter(contentType, 'boundary');
  if (boundary === null || boundary.length > 70) return malformed('its content type names no boundary');
  const fence = Buffer.from(`\r\n--${boundary}`, 'latin1');
  const parts: Part[] = [];
  // The first fence has no line before it.
  let at = body.indexOf(fence.subarray(2));
  if (at < 0) return malformed(`the boundary ${boundary} does not stand in it`);
  at += fence.byteLength - 2;
  for (;;) {
    if (body[at] === dash && body[at + 1] === dash) return ok(parts);
    if (parts.length === mostParts) return malformed(`it has more than ${mostParts} parts`);
    const head = body.indexOf('\r\n', at);
    const start = body.indexOf(headEnd, Math.max(0, head));
    const end = body.indexOf(fence, start + 2);
    if (head < 0 || start < 0 || end < 0) return malformed(`part ${parts.length + 1} has no end`);
    const part = readHead(body.toString('utf8', head + 2, Math.min(start, head + mostHead)));
    if (!part) return malformed(`part ${parts.length + 1} has no name`);
    parts.push({ ...part, bytes: body.subarray(Math.min(start + 4, end), end) });
    at = end + fence.byteLength;
  }
}
const dash = 0x2d;
const mostHead = 8_192;

function malformed(reason: string): Outcome<never> {
  return failed('request-malformed', { what: 'The form', reason });
}

function readHead(head: string): Omit<Part, 'bytes'> | null {
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/imu.exec(head)?.[1];
  if (disposition === undefined) return null;
  const name = parameter(disposition, 'name');
  return name === null ? null : { name, file: parameter(disposition, 'filename') };
}

/** A value of `name=value; name="value"`, the first of its name; browsers write a quote in a name as %22. Read once, from left to right. */
function parameter(text: string, name: string): string | null {
  piece.lastIndex = 0;
  for (let match = piece.exec(text); match?.[0]; match = piece.exec(text)) {
    const [, key = '', quoted, closing, bare] = match;
    // A quote that stays open makes all behind it part of a value.
    if (quoted !== undefined && closing === '') return null;
    if (key.toLowerCase() !== name) continue;
    const value = quoted?.replace(/\\(["\\])/gu, '$1') ?? bare;
    if (value !== undefined && (quoted !== undefined || value !== '')) return value.replaceAll('%22', '"');
  }
  return null;
}
const piece = /[;\s]*([^=;\s]*)(?:="((?:[^"\\]|\\.)*)("?)|=([^\s;]*))?/suy;
