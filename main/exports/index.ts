export { decimalSeparator } from './decimal-separator.ts';
export { writeExport } from './write-export.ts';
export { picturesBy } from './pictures.ts';
export { previewOf } from './preview.ts';
export { openSource } from './source.ts';
export type { ExportItem, ExportSource } from './types.ts';
export type { ExportRequest } from './write-export.ts';
export type { PictureMaker } from './pictures.ts';
