import type { ExportFormat } from '../../../contract/export.ts';
import type { Format } from '../types.ts';
import { coco } from './coco.ts';
import { html } from './html/index.ts';
import { megadetector } from './megadetector.ts';
import { parquet } from './parquet.ts';
import { csv, csvExcel, jsonl } from './tables.ts';
import { xlsx } from './xlsx.ts';
import { yolo } from './yolo.ts';

/** Every format by its name. */
export const formats: Readonly<Record<ExportFormat, Format>> = {
  csv,
  'csv-excel': csvExcel,
  xlsx,
  jsonl,
  parquet,
  coco,
  yolo,
  megadetector,
  html,
};
