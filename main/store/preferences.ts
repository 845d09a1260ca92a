import { JoinVerdict } from '../../contract/joining.ts';
import type { GoldenResult } from '../../contract/model.ts';
import type { ProviderReport, ShapeReport } from '../../contract/status.ts';
import type { Readable, Writable } from './database.ts';
import type { JoinPlace, StoredSettings } from './language.ts';

export function storedSettings(db: Readable): StoredSettings {
  const rows = db.all<{ key: string; value: string }>('SELECT key, value FROM settings');
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
}

export function setSettings(db: Writable, values: StoredSettings): StoredSettings {
  for (const [key, value] of Object.entries(values)) {
    db.run('INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value', key, value);
  }
  return storedSettings(db);
}

/** Cap of the stored answers; null when nobody chose one. */
export function storedCapBytes(db: Readable): number | null {
  const text = db.get<{ value: string }>("SELECT value FROM settings WHERE key = 'cacheCapBytes'")?.value;
  const cap = Number(text ?? Number.NaN);
  return Number.isSafeInteger(cap) && cap > 0 ? cap : null;
}

export function saveProvider(db: Writable, device: string, report: ProviderReport): void {
  db.run(
    'INSERT INTO provider_reports VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET report = excluded.report',
    device,
    report.model,
    report.provider,
    JSON.stringify(report),
  );
}

export function providers(db: Readable, device: string): ProviderReport[] {
  const rows = db.all<{ report: string }>(
    'SELECT report FROM provider_reports WHERE device = ? ORDER BY model, provider',
    device,
  );
  return rows.map((row) => JSON.parse(row.report) as ProviderReport);
}

export function forgetProviders(db: Writable, device: string, model: string): void {
  db.run('DELETE FROM provider_reports WHERE device = ? AND model = ?', device, model);
}

export function saveShape(db: Writable, device: string, report: ShapeReport): void {
  db.run(
    'INSERT INTO shape_reports VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET report = excluded.report',
    device,
    report.model,
    JSON.stringify(report),
  );
}

export function shapes(db: Readable, device: string): ShapeReport[] {
  const rows = db.all<{ report: string }>(
    'SELECT report FROM shape_reports WHERE device = ? ORDER BY model',
    device,
  );
  return rows.map((row) => JSON.parse(row.report) as ShapeReport);
}

export type GoldenPlace = { readonly device: string; readonly pack: string };

export function saveGolden(db: Writable, place: GoldenPlace, result: GoldenResult): void {
  db.run(
    'INSERT INTO golden_results VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET result = excluded.result',
    place.device,
    place.pack,
    JSON.stringify(result),
  );
}

export function golden(db: Readable, place: GoldenPlace): GoldenResult | null {
  const row = db.get<{ result: string }>(
    'SELECT result FROM golden_results WHERE device = ? AND pack = ?',
    place.device,
    place.pack,
  );
  return row ? (JSON.parse(row.result) as GoldenResult) : null;
}

export function saveJoining(db: Writable, { device, model }: JoinPlace, verdict: JoinVerdict): void {
  db.run(
    'INSERT INTO join_verdicts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET verdict = excluded.verdict',
    device,
    model,
    JSON.stringify(verdict),
  );
}

/** Null too for what another Outpost wrote and this one does not read: it is proved again. */
export function joining(db: Readable, { device, model }: JoinPlace): JoinVerdict | null {
  const row = db.get<{ verdict: string }>(
    'SELECT verdict FROM join_verdicts WHERE device = ? AND model = ?',
    device,
    model,
  );
  const read = row && JoinVerdict.safeParse(JSON.parse(row.verdict));
  return read?.success ? read.data : null;
}
