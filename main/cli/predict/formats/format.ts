import type { Paint } from '../../paint.ts';
import type { PrintRecord } from '../../record.ts';

/** Turns records into text as they come: `head`, each `one`, then `tail`. */
export type Format = {
  readonly head: () => string;
  readonly one: (record: PrintRecord) => string;
  readonly tail: () => string;
};
export type Look = { readonly columns: number; readonly paint: Paint };
