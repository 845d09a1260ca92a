import { closingColumns, recordOutcome, recordRows } from '../../contract/record.ts';
import type { ItemRecord } from '../../contract/record.ts';
import { entryColumns, numberColumns } from '../../contract/tasks/index.ts';
import type { Row } from '../../contract/tasks/index.ts';
import { placeOf } from './outline/index.ts';
import type { ExportItem, ExportSource } from './types.ts';

/** Of a run's own columns: what a record says of how it came to be is not for who reads a table of photos. */
const leftOut: ReadonlySet<string> = new Set(['cached', 'durationMs']);
/** What is known of the camera and the place. Behind all others, since columns are told by their place, too. */
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
] as const;

/** Columns of one row an item: a promise to those who read the files. */
export const itemColumns = ({ task }: ExportSource): readonly string[] => [
  'input',
  'file',
  ...(task?.columns ?? ['label', 'score']).filter((column) => !entryColumns.has(column)),
  'confirmed',
  ...closingColumns.filter((column) => !leftOut.has(column)),
  ...cameraColumns,
];

/** What a column holds where it is no text. */
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

/** The first entry of an item stands for all of them: one row. */
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

/** `cameraTime` is what the camera's clock said, `takenAt` what it was when it was set right. */
function cameraCells({ camera, takenAt, deployment, event }: ExportItem): Row {
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
  };
  return Object.fromEntries(
    Object.entries(cells).flatMap(([name, cell]) =>
      cell === null || cell === undefined ? [] : [[name, cell]],
    ),
  );
}
