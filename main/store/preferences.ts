import { JoinVerdict } from '../../contract/serving/joining.ts';
import type { GoldenResult } from '../../contract/packs/model.ts';
import type { SettingsPatch } from '../../contract/settings.ts';
import type { ProviderReport, ShapeReport } from '../../contract/serving/status.ts';
import type { Readable, Writable } from './database.ts';
import { change, laterChange, read } from './declare.ts';
import { parseSetting, parseSettings, settingTexts } from './stored-settings.ts';
import type { StoredSettings } from './stored-settings.ts';

export function storedSettings(db: Readable): StoredSettings {
  const rows = db.all<{ key: string; value: string }>('SELECT key, value FROM settings');
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
}

function setSettings(db: Writable, values: StoredSettings): StoredSettings {
  for (const [key, value] of Object.entries(values)) {
    db.run('INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value', key, value);
  }
  return storedSettings(db);
}

/** Size cap of the stored answers, in bytes. Asked after each group: the other settings are not parsed for it. */
export function capBytes(db: Readable): number {
  const [text] = db.column<string>("SELECT value FROM settings WHERE key = 'cacheCapBytes'");
  return parseSetting('cacheCapBytes', text);
}

function saveProvider(db: Writable, device: string, report: ProviderReport): void {
  db.run(
    'INSERT INTO provider_reports VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET report = excluded.report',
    device,
    report.model,
    report.provider,
    JSON.stringify(report),
  );
}

function providers(db: Readable, device: string): ProviderReport[] {
  const rows = db.all<{ report: string }>(
    'SELECT report FROM provider_reports WHERE device = ? ORDER BY model, provider',
    device,
  );
  return rows.map((row) => JSON.parse(row.report) as ProviderReport);
}

function forgetProviders(db: Writable, device: string, model: string): void {
  db.run('DELETE FROM provider_reports WHERE device = ? AND model = ?', device, model);
}

function saveShape(db: Writable, device: string, report: ShapeReport): void {
  db.run(
    'INSERT INTO shape_reports VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET report = excluded.report',
    device,
    report.model,
    JSON.stringify(report),
  );
}

function shapes(db: Readable, device: string): ShapeReport[] {
  const rows = db.all<{ report: string }>(
    'SELECT report FROM shape_reports WHERE device = ? ORDER BY model',
    device,
  );
  return rows.map((row) => JSON.parse(row.report) as ShapeReport);
}

type GoldenPlace = { readonly device: string; readonly pack: string };

function saveGolden(db: Writable, place: GoldenPlace, result: GoldenResult): void {
  db.run(
    'INSERT INTO golden_results VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET result = excluded.result',
    place.device,
    place.pack,
    JSON.stringify(result),
  );
}

function golden(db: Readable, place: GoldenPlace): GoldenResult | null {
  const row = db.get<{ result: string }>(
    'SELECT result FROM golden_results WHERE device = ? AND pack = ?',
    place.device,
    place.pack,
  );
  return row ? (JSON.parse(row.result) as GoldenResult) : null;
}

/** `model` is the pack's digest with variant and provider. */
type JoinPlace = { readonly device: string; readonly model: string };

function saveJoining(db: Writable, { device, model }: JoinPlace, verdict: JoinVerdict): void {
  db.run(
    'INSERT INTO join_verdicts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET verdict = excluded.verdict',
    device,
    model,
    JSON.stringify(verdict),
  );
}

/** Null also for a verdict in a format that this version does not know: it is proved again. */
function joining(db: Readable, { device, model }: JoinPlace): JoinVerdict | null {
  const row = db.get<{ verdict: string }>(
    'SELECT verdict FROM join_verdicts WHERE device = ? AND model = ?',
    device,
    model,
  );
  const read = row && JoinVerdict.safeParse(JSON.parse(row.verdict));
  return read?.success ? read.data : null;
}

export const preferenceQueries = {
  reads: {
    settings: read({
      on: 'writer',
      run: ({ db }) => parseSettings(storedSettings(db)),
      otherwise: parseSettings({}),
    }),
    providers: read({
      on: 'writer',
      run: ({ db }, device: string): readonly ProviderReport[] => providers(db, device),
      otherwise: [],
    }),
    shapes: read({
      on: 'writer',
      run: ({ db }, device: string): readonly ShapeReport[] => shapes(db, device),
      otherwise: [],
    }),
    golden: read({
      on: 'writer',
      run: ({ db }, device: string, pack: string) => golden(db, { device, pack }),
      otherwise: null,
    }),
    joining: read({
      on: 'writer',
      run: ({ db }, device: string, model: string) => joining(db, { device, model }),
      otherwise: null,
    }),
  },
  changes: {
    setSettings: change({
      run: (db, patch: SettingsPatch) => parseSettings(setSettings(db, settingTexts(patch))),
      // Returns the new values even when the disk refused them.
      otherwise: (patch) => parseSettings(settingTexts(patch)),
    }),
    saveProvider: laterChange({
      run: (db, device: string, report: ProviderReport) => saveProvider(db, device, report),
    }),
    forgetProviders: change({
      run: (db, device: string, model: string) => forgetProviders(db, device, model),
      otherwise: undefined,
    }),
    saveShape: laterChange({
      run: (db, device: string, report: ShapeReport) => saveShape(db, device, report),
    }),
    saveGolden: laterChange({
      run: (db, ...[device, pack, result]: [device: string, pack: string, result: GoldenResult]) =>
        saveGolden(db, { device, pack }, result),
    }),
    /** `model` is the pack's digest with variant and provider. */
    saveJoining: laterChange({
      run: (db, ...[device, model, verdict]: [device: string, model: string, verdict: JoinVerdict]) =>
        saveJoining(db, { device, model }, verdict),
    }),
  },
};
