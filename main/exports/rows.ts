import { closingColumns, recordOutcome, recordRows } from '../../contract/runs/record.ts';
import type { ItemRecord } from '../../contract/runs/record.ts';
import { entryColumns, numberColumns } from '../../contract/tasks/index.ts';
import type { Row } from '../../contract/tasks/index.ts';
import { placeOf } from './outline/index.ts';
import type { ExportItem, ExportSource } from './types.ts';

/** Columns about how a result was computed, which readers of a table of photos do not need. */
const leftOut: ReadonlySet<string> = new Set(['cached', 'durationMs']);
/** Camera, place, and what it is a duplicate of. Appended last, because some programs read columns by position. */
const cameraColumns = [
  'site',
  'takenAt',
  'cameraTime',
  'event',
  'latitude',
  'longitude',
  'temperatureC',
  'cameraMake',
  'cameraModel',
  'cameraSerial',
  'orientation',
  'duplicateOf',
] as const;

/** Columns of the table with one row per item. Public format: append only. */
export const itemColumns = ({ task }: Pick<ExportSource, 'task'>): readonly string[] => [
  'input',
  'file',
  ...(task?.columns ?? ['label', 'score']).filter((column) => !entryColumns.has(column)),
  'confirmed',
  ...closingColumns.filter((column) => !leftOut.has(column)),
  ...cameraColumns,
];

/** Types of the columns that are not text. */
export const columnKinds: Readonly<Record<string, 'integer' | 'number'>> = {
  ...numberColumns,
  latitude: 'number',
  longitude: 'number',
  temperatureC: 'number',
  orientation: 'integer',
};

type Filter = { readonly top?: number; readonly threshold?: number };

/** The item's record as `outpost predict` writes it; null where the answer was removed from the cache. */
export function recordOf({ path, record, fault }: ExportItem, filter: Filter): ItemRecord | null {
  if (fault) return recordOutcome({ input: path, fault }, filter);
  return record && recordOutcome(record, filter);
}

/** An item has one row, from its first label. */
export function rowOf(
  item: ExportItem,
  { model, version }: Pick<ExportSource, 'model' | 'version'>,
  { threshold }: Pick<Filter, 'threshold'>,
): Row {
  const { label, score, confirmed } = item;
  const record = recordOf(item, { threshold });
  const [row = {}] = record ? recordRows(record) : [];
  const unrecorded = record
    ? {}
    : { input: item.path, ...(label !== null && { label }), ...(score !== null && { score }) };
  return {
    model,
    version,
    ...row,
    ...unrecorded,
    file: item.name,
    ...(confirmed && { confirmed: confirmed.label }),
    ...cameraCells(item),
  };
}

/** `cameraTime` is the camera clock's reading, `takenAt` the corrected time. */
function cameraCells({ camera, takenAt, deployment, event, duplicateOf }: ExportItem): Row {
  const { takenAt: cameraTime, temperatureC, make, model, serial, orientation } = camera ?? {};
  const { latitude, longitude } = placeOf(camera ?? {}) ?? deployment.site.place ?? {};
  const cells: Readonly<Record<(typeof cameraColumns)[number], string | number | null | undefined>> = {
    site: deployment.site.name,
    takenAt,
    cameraTime,
    event: event?.id,
    latitude,
    longitude,
    temperatureC,
    cameraMake: make,
    cameraModel: model,
    cameraSerial: serial,
    orientation,
    duplicateOf,
  };
  return Object.fromEntries(
    Object.entries(cells).flatMap(([name, cell]) =>
      cell === null || cell === undefined ? [] : [[name, cell]],
    ),
  );
}
