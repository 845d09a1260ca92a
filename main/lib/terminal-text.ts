/*
 * What a terminal takes for an order and not for a letter: C0 and C1 controls, line separators of Unicode, marks that turn
 * the direction of what follows (CVE-2021-42574), and invisible tags. Line feed and tab are letters here.
 */
const orders =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;

/** A text from outside as a terminal may show it: each order is a `�`. */
export const withoutOrders = (text: string): string => text.replace(orders, '�');

/** The same for JSON, whose readers get exactly what was there: each order as `\uXXXX`. */
export const escapedOrders = (json: string): string =>
  json.replace(orders, (order) =>
    order
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
