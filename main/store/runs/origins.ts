import type { Camera } from '../../../contract/pictures/camera.ts';
import { clockMs, clockSpan } from '../../../contract/pictures/camera.ts';
import type { RunFilter } from '../../../contract/runs/run.ts';
import { createFolderFacts } from '../../../contract/runs/run-folders.ts';
import type { RunFolder } from '../../../contract/runs/run-folders.ts';
import { siteOfFolders, siteOfInput } from '../../lib/camera-folders.ts';
import { fromStorable, toStorable } from '../../lib/file-names.ts';
import type { Readable, Value, Writable } from '../database.ts';

/*
 * An origin is a folder of a run with one camera: what an item's site, its clock's shift and its camera follow from. Items hold its
 * number and when they were taken by that clock, so that a filter by any of them is a few ranges of an index, whatever a
 * person says of sites and clocks later.
 */
export type OutlineOrigin = {
  readonly id: number;
  readonly folder: string;
  /** As the folders call it; what a person said goes before it. */
  readonly site: string;
  /** Empty where photos do not say it. */
  readonly make: string;
  readonly model: string;
  readonly serial: string;
};
export type Origin = OutlineOrigin & {
  readonly items: number;
  /** Seconds by the camera's own clock, as if it went by UTC. */
  readonly firstTaken: number | null;
  readonly lastTaken: number | null;
};

type Item = {
  readonly input: number;
  /** Below the input; empty for one that is the photo itself. */
  readonly below: string;
  readonly name: string;
  readonly camera?: Camera | undefined;
};

/** Seconds by the camera's own clock; null where the photo does not say when it was taken. */
export function takenSeconds(camera: Camera | undefined): number | null {
  const ms = camera?.takenAt === undefined ? Number.NaN : clockMs(camera.takenAt);
  return Number.isNaN(ms) ? null : ms / 1000;
}

export const folderOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('/')));

const countSql = `
  INSERT INTO run_origins (run, folder, site, make, model, serial, items, first_taken, last_taken)
  VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)
  ON CONFLICT (run, folder, site, make, model, serial) DO UPDATE SET items = items + 1,
    first_taken = CASE WHEN first_taken <= excluded.first_taken OR excluded.first_taken IS NULL THEN first_taken ELSE excluded.first_taken END,
    last_taken = CASE WHEN last_taken >= excluded.last_taken OR excluded.last_taken IS NULL THEN last_taken ELSE excluded.last_taken END
  RETURNING id`;

/** The origin of an item that is added to a run, with that item counted. */
export function countOrigin(db: Writable, run: number, item: Item): number {
  const folder = folderOf(item.name);
  const { make = '', model = '', serial = '' } = item.camera ?? {};
  const taken = takenSeconds(item.camera);
  const site = toStorable(siteOfFolders(folder) ?? inputSite(db, run, item));
  return db.get<{ id: number }>(countSql, run, toStorable(folder), site, make, model, serial, taken, taken)!
    .id;
}

/** An item of this origin has another one now. */
export const uncountOrigin = (db: Writable, origin: number | null): void =>
  void (origin !== null && db.run('UPDATE run_origins SET items = items - 1 WHERE id = ?', origin));

function inputSite(db: Readable, run: number, { input, below }: Item): string {
  const row = db.get<{ path: string; site: string | null }>(
    'SELECT path, site FROM run_inputs WHERE run = ? AND seq = ?',
    run,
    input,
  );
  return row?.site ?? siteOfInput(fromStorable(row?.path ?? ''), { isPhoto: below === '' });
}

export const originColumns = 'id, folder, site, make, model, serial';
const originsSql = `
  SELECT ${originColumns}, items, first_taken AS firstTaken, last_taken AS lastTaken
  FROM run_origins WHERE run = ? AND items > 0 ORDER BY id`;

export const runOrigins = (db: Readable, run: number): Origin[] =>
  db
    .all<Origin>(originsSql, run)
    .map((row) => ({ ...row, folder: fromStorable(row.folder), site: fromStorable(row.site) }));

const statedSql = `
  SELECT folder, site, latitude, longitude, shift_s AS shiftS FROM run_folders WHERE run = ? ORDER BY folder`;

/** What a person said of the folders of a run. */
export const statedFolders = (db: Readable, run: number): RunFolder[] =>
  db.all<RunFolder>(statedSql, run).map((row) => ({ ...row, folder: fromStorable(row.folder) }));

export type OriginFilter = Pick<RunFilter, 'camera' | 'site' | 'from' | 'to'>;

/** Origins of which all items fit, or those that were taken in a period by the camera's own clock, its end not among them. */
export type OriginSpan = {
  readonly origins: readonly number[];
  readonly from: number | null;
  readonly to: number | null;
};

/** What a filter asks for; null where it asks for no camera, site or time. */
export function originSpans(db: Readable, run: number, filter: OriginFilter): readonly OriginSpan[] | null {
  const { camera, site, from, to } = filter;
  if (camera === undefined && site === undefined && from === undefined && to === undefined) return null;
  const factsOf = createFolderFacts(statedFolders(db, run));
  const byShift = new Map<number, number[]>();
  for (const origin of runOrigins(db, run)) {
    const facts = factsOf(origin.folder);
    if (camera !== undefined && !isCamera(origin, camera)) continue;
    if (site !== undefined && !isSame(facts.site ?? origin.site, site)) continue;
    const shiftS = from === undefined && to === undefined ? 0 : facts.shiftS;
    byShift.set(shiftS, [...(byShift.get(shiftS) ?? []), origin.id]);
  }
  return [...byShift].map(([shiftS, origins]) => ({
    origins,
    from: from === undefined ? null : clockSpan(from).fromMs / 1000 - shiftS,
    to: to === undefined ? null : clockSpan(to).toMs / 1000 - shiftS,
  }));
}

/** Make and model of a camera as one name. */
export const modelName = ({ make, model }: Pick<Origin, 'make' | 'model'>): string =>
  [make, model].filter((text) => text !== '').join(' ');

function isCamera(origin: Origin, written: string): boolean {
  return [origin.serial, origin.model, modelName(origin)].some((name) => isSame(name, written));
}
const isSame = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();

/** Rows of these spans as a condition on `run_items`; `column` may keep the planner from an index. */
export function spansCondition(
  spans: readonly OriginSpan[],
  column: (name: 'origin' | 'taken') => string,
): { readonly sql: string; readonly values: readonly Value[] } {
  const parts = spans.map(({ origins, from, to }) => ({
    sql: [
      `${column('origin')} IN (SELECT value FROM json_each(?))`,
      ...(from === null ? [] : [`${column('taken')} >= ?`]),
      ...(to === null ? [] : [`${column('taken')} < ?`]),
    ].join(' AND '),
    values: [JSON.stringify(origins), ...[from, to].filter((bound) => bound !== null)],
  }));
  return {
    sql: parts.length === 0 ? '0' : `(${parts.map(({ sql }) => `(${sql})`).join(' OR ')})`,
    values: parts.flatMap(({ values }) => values),
  };
}
