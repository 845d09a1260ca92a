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

/** What was written: items in the file, and those of them that have a fault. */
export type ExportReport = {
  readonly items: number;
  readonly faults: number;
  /** Items whose faults leave no place for them in the format. */
  readonly leftOut: number;
};
