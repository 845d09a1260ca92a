export { itemColumns, rowOf } from './rows.ts';
export { openSource } from './source.ts';
export type { ExportItem, ExportSource, FormatOptions } from './types.ts';
export { writeExport } from './write-export.ts';
export type { ExportRequest } from './write-export.ts';
