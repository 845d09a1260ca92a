import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { failed } from '../../../contract/faults/faults.ts';
import { reason, type Reason } from '../../../contract/faults/reasons.ts';

const deepest = 32;

/**
 * Parses JSON that every parser reads alike: UTF-8 without a byte order mark, no duplicate names, no `__proto__`,
 * limited nesting. What two parsers read differently could be signed as one thing and used as another.
 */
export function parseStrictJson(bytes: Uint8Array, file: string): Outcome<unknown> {
  const malformed = (why: Reason): Outcome<never> => failed('trust-malformed', { file, reason: why });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return malformed(reason('not-utf8'));
  }
  const wrong = scan(text);
  if (wrong !== null) return malformed(wrong);
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    return malformed(reason('not-whole-json'));
  }
}

/** One pass with its own stack. `JSON.parse` checks the grammar; this checks names and depth. */
function scan(text: string): Reason | null {
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '{' || letter === '[') {
      open.push(letter === '{' ? new Set() : null);
      if (open.length > deepest) return reason('nested-too-deep');
    } else if (letter === '}' || letter === ']') {
      open.pop();
    } else if (letter === '"') {
      const end = endOfString(text, at);
      if (end < 0) return reason('not-whole-json');
      const names = open.at(-1);
      if (names && isName(text, end)) {
        const name = unescape(text.slice(at, end));
        if (name === null || name === '__proto__') return reason('name-not-allowed');
        if (names.has(name)) return reason('name-twice', { name: JSON.stringify(name.slice(0, 60)) });
        names.add(name);
      }
      at = end - 1;
    }
  }
  return null;
}

/** Offset after the closing quote; -1 when there is none. */
function endOfString(text: string, begin: number): number {
  for (let at = begin + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return -1;
}

/** Within an object, a string followed by a colon is a name. */
function isName(text: string, end: number): boolean {
  let at = end;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return text[at] === ':';
}

/** Decodes escapes: `a` and `\u0061` are the same name. */
function unescape(quoted: string): string | null {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return null;
  }
}
