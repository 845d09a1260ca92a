import { isUtf8 } from 'node:buffer';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';

/** One field or file of a form. `name` is empty where the part has none, `file` is null where it has no file name. */
export type Part = { readonly name: string; readonly file: string | null; readonly bytes: Buffer };

const mostParts = 1_000;
const headEnd = Buffer.from('\r\n\r\n');

/**
 * The parts of a `multipart/form-data` body (RFC 7578) as views into it; nothing is copied or written anywhere.
 * Faults: `request-malformed`.
 */
export function readMultipart(body: Buffer, contentType: string): Outcome<readonly Part[]> {
  const boundary = parametersOf(contentType).get('boundary');
  if (boundary === undefined || boundary === '' || boundary.length > 70)
    return malformed('its content type names no boundary');
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
    const part = readHead(textOf(body.subarray(head + 2, Math.min(start, head + mostHead))));
    if (!part) return malformed(`part ${parts.length + 1} has no name (Content-Disposition)`);
    parts.push({ ...part, bytes: body.subarray(Math.min(start + 4, end), end) });
    at = end + fence.byteLength;
  }
}
const dash = 0x2d;
const mostHead = 8_192;

function malformed(reason: string): Outcome<never> {
  return failed('request-malformed', { what: 'The form', reason });
}

/** Old clients write names in Latin-1. */
const textOf = (head: Buffer): string => head.toString(isUtf8(head) ? 'utf8' : 'latin1');

function readHead(head: string): Omit<Part, 'bytes'> | null {
  // A line that begins with a blank goes on the one before it.
  const unfolded = head.replace(/\r\n[ \t]+/gu, ' ');
  const disposition = /^content-disposition[ \t]*:[ \t]*form-data[ \t]*(;.*)?$/imu.exec(unfolded);
  if (!disposition) return null;
  const parameters = parametersOf(disposition[1] ?? '');
  return {
    name: written(parameters.get('name')) ?? '',
    file: extended(parameters.get('filename*')) ?? written(parameters.get('filename')) ?? null,
  };
}

/** Browsers write a quote in a name as %22. */
const written = (value: string | undefined): string | undefined => value?.replaceAll('%22', '"');

/** `UTF-8''na%C3%AFve.png` (RFC 8187); undefined where it is not so, and the plain name holds. */
function extended(value: string | undefined): string | undefined {
  const [, charset, text] = /^([\w-]+)'[\w-]*'(.*)$/u.exec(value ?? '') ?? [];
  if (charset === undefined || text === undefined || /%(?![0-9a-f]{2})/iu.test(text)) return undefined;
  const bytes = Buffer.from(
    text.replace(/%([0-9a-f]{2})/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  if (/^utf-?8$/iu.test(charset)) return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
  return /^iso-8859-1$/iu.test(charset) ? bytes.toString('latin1') : undefined;
}

/** `name=value; other="quo\"ted"`, names in lower case, the first of each; read once, from left to right. What is in quotes is never taken for a name. */
function parametersOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  piece.lastIndex = 0;
  for (let match = piece.exec(text); match?.[0]; match = piece.exec(text)) {
    const [, name = '', quoted, closing, plain] = match;
    // A quote that stays open makes all behind it part of a value.
    if (quoted !== undefined && closing === '') break;
    // A lone backslash stays: browsers put paths of Windows into quotes as they are.
    const value = quoted?.replace(/\\(["\\])/gu, '$1') ?? plain;
    const key = name.toLowerCase();
    if (value !== undefined && !found.has(key)) found.set(key, value);
  }
  return found;
}
const piece = /[;\s]*([^=;\s]*)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)("?)|([^\s;]*)))?/suy;
