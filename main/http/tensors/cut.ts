import { JsonFault } from './numbers.ts';

/** A value with its place: `end` is behind it. */
export type Range = { readonly start: number; readonly end: number };
export type Member = Range & { readonly key: string };

/** Brackets in brackets; each level may cost another look at the text. */
const mostLevels = 128;
/** Names of one object. */
const mostMembers = 1000;

/** Members of the object that begins at `from`, without reading their values. Throws JsonFault. */
export function membersAt(
  text: Buffer,
  from: number,
): { readonly members: readonly Member[]; readonly end: number } {
  const members: Member[] = [];
  let at = skip(text, from);
  if (text[at] !== 0x7b) throw new JsonFault('an object is missing', at);
  at = skip(text, at + 1);
  if (text[at] === 0x7d) return { members, end: at + 1 };
  for (;;) {
    if (text[at] !== 0x22) throw new JsonFault('a name is missing', at);
    const keyEnd = stringEnd(text, at);
    const key = parse(text, { start: at, end: keyEnd }) as string;
    at = skip(text, keyEnd);
    if (text[at] !== 0x3a) throw new JsonFault('a colon is missing', at);
    const start = skip(text, at + 1);
    const end = valueEnd(text, start);
    members.push({ key, start, end });
    if (members.length > mostMembers)
      throw new JsonFault(`an object has more than ${mostMembers} names`, start);
    at = skip(text, end);
    if (text[at] === 0x7d) return { members, end: at + 1 };
    if (text[at] !== 0x2c) throw new JsonFault('a comma or } is missing', at);
    at = skip(text, at + 1);
  }
}

/** Values of the list at this place, without reading them; more than `most` are a fault. */
export function itemsAt(text: Buffer, { start }: Range, most: number): readonly Range[] {
  const items: Range[] = [];
  if (text[start] !== 0x5b) throw new JsonFault('a list is missing', start);
  let at = skip(text, start + 1);
  if (text[at] === 0x5d) return items;
  for (;;) {
    const end = valueEnd(text, at);
    items.push({ start: at, end });
    if (items.length > most) throw new JsonFault(`more than ${most} values`, start);
    at = skip(text, end);
    if (text[at] === 0x5d) return items;
    if (text[at] !== 0x2c) throw new JsonFault('a comma or ] is missing', at);
    at = skip(text, at + 1);
  }
}

/** How many strings lie in this place; counting ends beyond `most`. */
export function stringsIn(text: Buffer, { start, end }: Range, most: number): number {
  let count = 0;
  for (let at = text.indexOf(0x22, start); at >= 0 && at < end && count <= most; count += 1)
    at = text.indexOf(0x22, stringEnd(text, at));
  return count;
}

/** A small value, by the runtime's own reader. */
export function parse(text: Buffer, { start, end }: Range): unknown {
  try {
    return JSON.parse(text.toString('utf8', start, end));
  } catch {
    throw new JsonFault(`${text.toString('utf8', start, Math.min(end, start + 40))} is not JSON`, start);
  }
}

export function skip(text: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = text[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at += 1;
  }
}

/** Where a value ends, by its brackets and quotes alone; whether it is well-formed shows when it is read. */
function valueEnd(text: Buffer, from: number): number {
  const first = text[from];
  if (first === 0x22) return stringEnd(text, from);
  let at = from;
  if (first !== 0x5b && first !== 0x7b) {
    while (at < text.length && !isStop(text[at]!)) at += 1;
    if (at === from) throw new JsonFault('a value is missing', from);
    return at;
  }
  const quick = first === 0x5b ? numbersEnd(text, from) : -1;
  if (quick >= 0) return quick;
  let depth = 0;
  while (at < text.length) {
    const byte = text[at]!;
    if (byte === 0x22) {
      at = stringEnd(text, at);
      continue;
    }
    const inner = byte === 0x5b && depth > 0 ? numbersEnd(text, at) : -1;
    if (inner >= 0) {
      at = inner;
      continue;
    }
    if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > mostLevels) throw new JsonFault(`nested deeper than ${mostLevels}`, at);
    } else if (byte === 0x5d || byte === 0x7d) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
    at += 1;
  }
  throw new JsonFault('the text ends too early', text.length);
}

/** Behind a list, nested or not, that holds no text and no object; -1 when it does. Found without looking at each byte in script. */
function numbersEnd(text: Buffer, from: number): number {
  let depth = 0;
  let at = from;
  for (;;) {
    const close = text.indexOf(0x5d, at);
    if (close < 0) throw new JsonFault('a list does not end', from);
    const part = text.subarray(at, close);
    if (part.includes(0x22) || part.includes(0x7b)) return -1;
    for (let open = part.indexOf(0x5b); open >= 0; open = part.indexOf(0x5b, open + 1)) depth += 1;
    depth -= 1;
    at = close + 1;
    if (depth === 0) return at;
  }
}

const isStop = (byte: number): boolean => byte === 0x2c || byte === 0x5d || byte === 0x7d || byte <= 0x20;

/** Behind the closing quote of the string that begins here. */
function stringEnd(text: Buffer, from: number): number {
  for (let at = text.indexOf(0x22, from + 1); at >= 0; at = text.indexOf(0x22, at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  throw new JsonFault('a string does not end', from);
}
