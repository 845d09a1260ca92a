/** The numbers of a flat list, read at once. Whole ones have at most 15 digits, so that a double holds them exactly. */
export type FlatNumbers = {
  readonly values: readonly number[];
  /** Every number was written without fraction and exponent. */
  readonly areWhole: boolean;
  /** At least one was. */
  readonly hasWhole: boolean;
  /** Behind the closing bracket. */
  readonly end: number;
};

/** Shorter lists cost less one by one. */
const leastBytes = 16;

/**
 * The long flat list of numbers that begins at `start`, by the runtime's own JSON reader, or null when there is none:
 * then, and when anything in it is unusual, the list is read value by value.
 */
export function flatNumbersAt(body: Buffer, start: number): FlatNumbers | null {
  const end = body.indexOf(closeBracket, start + 1) + 1;
  if (end - start < leastBytes) return null;
  const seen = scan(body, start + 1, end - 1);
  if (seen === null) return null;
  let values: readonly number[];
  try {
    values = JSON.parse(body.toString('latin1', start, end)) as readonly number[];
  } catch {
    return null;
  }
  return values.every(Number.isFinite) ? { values, end, ...seen } : null;
}

/** Whether these bytes are plain numbers, commas and blanks; JSON.parse checks their grammar afterwards. */
function scan(body: Buffer, from: number, to: number): { areWhole: boolean; hasWhole: boolean } | null {
  let areWhole = true;
  let hasWhole = false;
  let isWhole = true;
  let length = 0;
  for (let at = from; at <= to; at += 1) {
    const byte = at === to ? comma : body[at]!;
    if ((byte >= 0x30 && byte <= 0x39) || byte === minus) {
      length += 1;
    } else if (byte === comma) {
      if (isWhole && length > longestWhole) return null;
      if (isWhole) hasWhole = true;
      else areWhole = false;
      isWhole = true;
      length = 0;
    } else if (byte === 0x2e || byte === 0x65 || byte === 0x45 || byte === 0x2b) {
      isWhole = false;
    } else if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
      return null;
    }
  }
  return { areWhole, hasWhole };
}

const closeBracket = 0x5d;
const comma = 0x2c;
const minus = 0x2d;
const longestWhole = 15;
