import type { Paint } from '../../paint.ts';
import type { ItemRecord } from '../../../../contract/record.ts';

/** Turns records into text as they come: `head`, each `one`, then `tail`. */
export type Format = {
  readonly head: () => string;
  readonly one: (record: ItemRecord) => string;
  readonly tail: () => string;
};
export type Look = { readonly columns: number; readonly paint: Paint };
