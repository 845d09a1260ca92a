/** Columns that CSV files of photos' labels and of tensors have had from the first day, in this order: a promise to scripts. */
export const firstColumns = [
  'rank',
  'index',
  'id',
  'label',
  'score',
  'output',
  'type',
  'dims',
  'data',
] as const;

/** Columns of several entries or of raw tensors: a table of one row an item has no use for them. */
export const entryColumns: ReadonlySet<string> = new Set(['rank', 'output', 'type', 'dims', 'data']);

/** What a column holds where it is no text, for files that type their columns. */
export const numberColumns: Readonly<Record<string, 'integer' | 'number'>> = {
  index: 'integer',
  count: 'integer',
  width: 'integer',
  height: 'integer',
  score: 'number',
  groupScore: 'number',
  nameScore: 'number',
};
