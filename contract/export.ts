import { z } from 'zod';

/**
 * Files that the items of a run are written to, for other programs.
 *
 *   csv           RFC 4180, one row an item       csv-excel  the same as Excel opens it, by the decimal sign of the place
 *   xlsx          a sheet, one row an item        jsonl      one record a line, as `outpost predict` writes it
 *   parquet       typed columns, one row an item  coco       images and boxes of all items, the empty ones too
 *   yolo          a folder: a text for each photo megadetector  the batch format that Timelapse and others read
 *   html          a report for people: figures, a chart, the strongest photos of each label
 */
export const ExportFormat = z.enum([
  'csv',
  'csv-excel',
  'xlsx',
  'jsonl',
  'parquet',
  'coco',
  'yolo',
  'megadetector',
  'html',
]);
export type ExportFormat = z.infer<typeof ExportFormat>;

/** A semicolon stands between cells where the decimal sign is a comma. */
export const CellSeparator = z.enum(['comma', 'semicolon']);
export type CellSeparator = z.infer<typeof CellSeparator>;

/** How a file of a format ends; yolo is a folder. */
export const exportEndings: Readonly<Record<ExportFormat, string>> = {
  csv: '.csv',
  'csv-excel': '.csv',
  xlsx: '.xlsx',
  jsonl: '.jsonl',
  parquet: '.parquet',
  coco: '.json',
  yolo: '',
  megadetector: '.json',
  html: '.html',
};

const count = z.number().int();
/** What was written. `leftOut`: items whose faults leave no place for them in the format. */
export const ExportReport = z.strictObject({ items: count, faults: count, leftOut: count });
export type ExportReport = z.infer<typeof ExportReport>;

/** What would be written, as a table: the columns that have something in the first rows, and those rows. */
export const ExportPreview = z.strictObject({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.string())),
  items: count,
  faults: count,
  formats: z.array(ExportFormat),
});
export type ExportPreview = z.infer<typeof ExportPreview>;
