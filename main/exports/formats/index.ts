import type { ExportFormat } from '../../../contract/runs/export.ts';
import type { Format } from '../types.ts';
import { camtrapDp } from './camtrap-dp/index.ts';
import { coco } from './coco.ts';
import { blurred, marked, sorted } from './copies.ts';
import { geojson } from './geojson.ts';
import { html } from './html/index.ts';
import { megadetector } from './megadetector.ts';
import { parquet } from './parquet.ts';
import { csv, csvExcel } from './csv.ts';
import { jsonl } from './json-lines.ts';
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
  'camtrap-dp': camtrapDp,
  geojson,
  sorted,
  marked,
  blurred,
};
