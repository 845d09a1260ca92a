import { JsonFault } from './json-fault.ts';

/*
 * The structure of a JSON text, read in place: a visitor is called at each member or item and says where its value ends,
 * because it has read the value itself or because it skipped it with `valueEnd`. No value becomes an object of its own, so a
 * text of millions of numbers costs no more memory than the tensors that are read from it. What is skipped is bracketed and
 * quoted properly, and is otherwise not checked. Everything throws JsonFault.
 */

/** A value with its place: `end` is behind it. */
export type Range = { readonly start: number; readonly end: number };
export type Member = Range & { readonly key: string };

/** Brackets in brackets. */
const mostLevels = 128;
/** Names of one object that are kept. */
const mostMembers = 1000;

/** Visits the members of the object that begins at `from`; gives the place behind it. */
export function eachMember(
  text: Buffer,
  from: number,
  visit: (key: string, start: number) => number,
): number {
  let at = skip(text, from);
  if (text[at] !== openObject) throw new JsonFault('an object is missing', at);
  at = skip(text, at + 1);
  if (text[at] === closeObject) return at + 1;
  for (;;) {
    if (text[at] !== quote) throw new JsonFault('a name is missing', at);
    const keyEnd = stringEnd(text, at);
    const key = stringAt(text, { start: at, end: keyEnd });
    at = skip(text, keyEnd);
    if (text[at] !== colon) throw new JsonFault('a colon is missing', at);
    at = skip(text, visit(key, skip(text, at + 1)));
    if (text[at] === closeObject) return at + 1;
    if (text[at] !== comma) throw new JsonFault('a comma or } is missing', at);
    at = skip(text, at + 1);
  }
}

/** Visits the items of the list that begins at `from`; gives the place behind it. */
export function eachItem(
  text: Buffer,
  from: number,
  visit: (start: number, index: number) => number,
): number {
  if (text[from] !== openList) throw new JsonFault('a list is missing', from);
  let at = skip(text, from + 1);
  if (text[at] === closeList) return at + 1;
  for (let index = 0; ; index += 1) {
    at = skip(text, visit(at, index));
    if (text[at] === closeList) return at + 1;
    if (text[at] !== comma) throw new JsonFault('a comma or ] is missing', at);
    at = skip(text, at + 1);
  }
}

/** The members of an object of few names, with the places of their values. */
export function membersAt(
  text: Buffer,
  from: number,
): { readonly members: readonly Member[]; readonly end: number } {
  const members: Member[] = [];
  const end = eachMember(text, from, (key, start) => {
    if (members.length === mostMembers)
      throw new JsonFault(`an object has more than ${mostMembers} names`, start);
    const behind = valueEnd(text, start);
    members.push({ key, start, end: behind });
    return behind;
  });
  return { members, end };
}

/** The members of the one object that a text is. */
export function documentMembers(text: Buffer): readonly Member[] {
  const { members, end } = membersAt(text, 0);
  if (skip(text, end) < text.length) throw new JsonFault('something stands behind the object', end);
  return members;
}

/** A small value as JSON.parse has it. */
export function parse(text: Buffer, { start, end }: Range): unknown {
  try {
    return JSON.parse(text.toString('utf8', start, end));
  } catch {
    throw new JsonFault(`${text.toString('utf8', start, Math.min(end, start + 40))} is not JSON`, start);
  }
}

/** The text of a string. */
export function stringAt(text: Buffer, { start, end }: Range): string {
  for (let at = start + 1; at < end - 1; at += 1)
    if (text[at]! < 0x20 || text[at] === backslash) return parse(text, { start, end }) as string;
  return text.toString('utf8', start + 1, end - 1);
}

export const isNull = (text: Buffer, start: number): boolean =>
  text[start] === 0x6e && text.toString('latin1', start, start + 4) === 'null';

export function skip(text: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = text[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at += 1;
  }
}

/** Where a value ends, by its brackets and quotes alone. */
export function valueEnd(text: Buffer, from: number): number {
  const first = text[from];
  if (first === quote) return stringEnd(text, from);
  let at = from;
  if (first !== openList && first !== openObject) {
    while (at < text.length && !isStop(text[at]!)) at += 1;
    if (at === from) throw new JsonFault('a value is missing', from);
    return at;
  }
  for (let depth = 0; at < text.length;) {
    const byte = text[at]!;
    if (byte === quote) {
      at = stringEnd(text, at);
      continue;
    }
    if (byte === openList || byte === openObject) {
      depth += 1;
      if (depth > mostLevels) throw new JsonFault(`nested deeper than ${mostLevels}`, at);
      if (byte === openList) at = longNumbersEnd(text, at);
    } else if (byte === closeList || byte === closeObject) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
    at += 1;
  }
  throw new JsonFault('the text ends too early', text.length);
}

/** Shorter lists are looked at byte by byte, which costs less than the search. */
const longList = 256;

/** The last byte before the bracket that closes a long flat list of numbers, found without looking at each byte in script; else `from`. */
function longNumbersEnd(text: Buffer, from: number): number {
  if (text.length - from < longList && text.includes(closeList, from)) return from;
  const near = text.subarray(from + 1, from + longList);
  if (near.includes(closeList) || near.includes(openList) || near.includes(quote)) return from;
  const close = text.indexOf(closeList, from);
  if (close < 0) throw new JsonFault('a list does not end', from);
  const inside = text.subarray(from + 1, close);
  const isFlat = !inside.includes(quote) && !inside.includes(openList) && !inside.includes(openObject);
  return isFlat ? close - 1 : from;
}

const isStop = (byte: number): boolean =>
  byte === comma || byte === closeList || byte === closeObject || byte <= 0x20;

/** Behind the closing quote of the string that begins here. */
export function stringEnd(text: Buffer, from: number): number {
  for (let at = text.indexOf(quote, from + 1); at >= 0; at = text.indexOf(quote, at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === backslash) slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  throw new JsonFault('a string does not end', from);
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openList = 0x5b;
const backslash = 0x5c;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;
