export { decimalSeparator } from './decimal-separator.ts';
export { writeExport } from './write-export.ts';
export { picturesBy } from './pictures.ts';
export { countOf, firstRows, previewOf } from './preview.ts';
export { choiceOfShown } from './shown.ts';
export { openSource } from './source.ts';
export type { ExportItem, ExportSource } from './types.ts';
export type { ExportRequest } from './write-export.ts';
export type { PictureMaker } from './pictures.ts';
