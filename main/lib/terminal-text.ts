/*
 * Characters that a terminal interprets instead of printing: C0 and C1 controls, Unicode line separators, marks that
 * change the direction of text (CVE-2021-42574), and invisible tags. Line feed and tab are allowed.
 */
const orders =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;

/** A text from outside, safe to print on a terminal: each control character becomes `�`. */
export const withoutOrders = (text: string): string => text.replace(orders, '�');

/** The same for JSON without loss: each control character becomes `\uXXXX`. */
export const escapedOrders = (json: string): string =>
  json.replace(orders, (order) =>
    order
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
