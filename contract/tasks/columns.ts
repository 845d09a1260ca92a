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
