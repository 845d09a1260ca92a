import { z } from 'zod';
import { Fault } from '../faults/faults.ts';
import { SomeItemNumbers } from './item-numbers.ts';

/**
 * Files that the items of a run are written to, for other programs.
 *
 *   csv           RFC 4180, one row an item       csv-excel  the same as Excel opens it, by the decimal sign of the place
 *   xlsx          a sheet, one row an item        jsonl      one record a line, as `outpost predict` writes it
 *   parquet       typed columns, one row an item  coco       images and boxes of all items, the empty ones too
 *   yolo          a folder: a text for each photo megadetector  the batch format that Timelapse and others read
 *   html          a report for people: figures, a chart, the strongest photos of each label
 *   camtrap-dp    a folder: a Camera Trap Data Package of deployments, media and observations
 *   geojson       a point for each site, with what was seen there
 *   sorted        a folder: copies of the photos by their labels
 *   marked        a folder: copies with the boxes drawn        blurred  a folder: copies on which people are made out no more
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
  'camtrap-dp',
  'geojson',
  'sorted',
  'marked',
  'blurred',
]);
export type ExportFormat = z.infer<typeof ExportFormat>;

/** A semicolon stands between cells where the decimal sign is a comma. */
export const CellSeparator = z.enum(['comma', 'semicolon']);
export type CellSeparator = z.infer<typeof CellSeparator>;

/** How a file of a format ends; empty for a folder. */
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
  'camtrap-dp': '',
  geojson: '.geojson',
  sorted: '',
  marked: '',
  blurred: '',
};

const label = z.string().min(1).max(400);
/**
 * What is told of where photos were taken. A rule holds for a whole site as soon as one photo of it has the label: the photo
 * beside it would give the place away. Of several that fit, the strictest holds.
 */
export const LocationRule = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('round'),
    /** Decimal places of degrees: 1 is about 11 km, 2 about 1.1 km. */
    places: z.number().int().min(0).max(4),
    /** Absent: whatever was found. */
    label: label.optional(),
  }),
  z.strictObject({ kind: z.literal('hide'), label: label.optional() }),
  /** Hidden until so many days after the last photo of the site. */
  z.strictObject({
    kind: z.literal('delay'),
    days: z.number().int().min(1).max(36_500),
    label: label.optional(),
  }),
]);
export type LocationRule = z.infer<typeof LocationRule>;

/** Which items of a run are written, and how; absent fields are as the format has them. */
export const ExportChoice = z.strictObject({
  /** Boxes and labels below it are left out, 0 to 1. */
  threshold: z.number().min(0).max(1).optional(),
  /** Between cells, for csv-excel. */
  separator: CellSeparator.optional(),
  /** Only items that have one of these labels, or were confirmed as one; upper and lower case are the same. */
  labels: z.array(label).min(1).max(100).optional(),
  /** Only items whose first label scores this or more, 0 to 1. */
  minScore: z.number().min(0).max(1).optional(),
  /** `yes`: only what a person confirmed or corrected; `no`: only the rest. */
  reviewed: z.enum(['yes', 'no']).optional(),
  /** `leave-out`: of items with the same content only the first of those that are chosen otherwise. Absent: all of them. */
  duplicates: z.enum(['keep', 'leave-out']).optional(),
  /** Only these items, by their number in the run. */
  items: SomeItemNumbers.optional(),
  locations: z.array(LocationRule).max(100).optional(),
  /** Seconds between frames of one camera from which on another event begins; absent: 60. */
  eventGapS: z.number().int().min(1).max(86_400).optional(),
  /** Of camera clocks that do not say theirs, `+02:00`; absent: that of this computer on that day. */
  utcOffset: z
    .string()
    .regex(/^[+-](?:0\d|1[0-4]):[0-5]\d$/u)
    .optional(),
  /** Of copies: what the photo says of camera, time and place. Absent: kept. A rule about places takes those away either way. */
  exif: z.enum(['keep', 'strip']).optional(),
  /** Labels that are blurred on copies; absent: those of people. */
  blur: z.array(label).min(1).max(100).optional(),
  /** Fields of a Camera Trap Data Package's description that a person knows: contributors, project, licenses. */
  package: z.record(z.string(), z.unknown()).optional(),
});
export type ExportChoice = z.infer<typeof ExportChoice>;
/** A choice that is used again, by its name. */
export const ExportProfile = z.strictObject({ name: z.string().min(1).max(80), choice: ExportChoice });
export type ExportProfile = z.infer<typeof ExportProfile>;

const count = z.number().int();
/** What was written. `leftOut`: items that have no place in the format, for their faults or for what they do not say. */
export const ExportReport = z.strictObject({ items: count, faults: count, leftOut: count });
export type ExportReport = z.infer<typeof ExportReport>;

/** What would be written, as a table: the columns that have something in the first rows, and those rows. */
export const ExportRows = z.strictObject({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.string())),
});
export type ExportRows = z.infer<typeof ExportRows>;
/** How many items would be written, and the formats that can hold them. */
export const ExportCount = z.strictObject({
  items: count,
  faults: count,
  /** Items with the same content as another one that was chosen, whether they are left out or not. */
  duplicates: count,
  formats: z.array(ExportFormat),
  /** The other formats, and why each cannot hold what was chosen. */
  unfit: z.array(z.strictObject({ format: ExportFormat, fault: Fault })),
});
export type ExportCount = z.infer<typeof ExportCount>;
export const ExportPreview = z.strictObject({ ...ExportRows.shape, ...ExportCount.shape });
export type ExportPreview = z.infer<typeof ExportPreview>;
