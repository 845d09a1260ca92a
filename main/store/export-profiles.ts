import { ExportChoice } from '../../contract/runs/export.ts';
import type { ExportProfile } from '../../contract/runs/export.ts';
import type { Readable, Writable } from './database.ts';
import { change, read } from './declare.ts';

/** By name. A profile that a newer Outpost wrote, with what this one does not know, is left out. */
function exportProfiles(db: Readable): ExportProfile[] {
  return db
    .all<{ name: string; choice: string }>('SELECT name, choice FROM export_profiles ORDER BY name')
    .flatMap(({ name, choice }) => {
      const parsed = ExportChoice.safeParse(JSON.parse(choice));
      return parsed.success ? [{ name, choice: parsed.data }] : [];
    });
}

const keepExportProfile = (db: Writable, { name, choice }: ExportProfile): void =>
  void db.run(
    'INSERT INTO export_profiles (name, choice) VALUES (?, ?) ON CONFLICT DO UPDATE SET choice = excluded.choice',
    name,
    JSON.stringify(choice),
  );

export const exportProfileQueries = {
  reads: {
    exportProfiles: read({
      on: 'writer',
      run: ({ db }): readonly ExportProfile[] => exportProfiles(db),
      otherwise: [],
    }),
  },
  changes: {
    /** In the place of the one with its name. */
    keepExportProfile: change({
      run: (db, profile: ExportProfile) => keepExportProfile(db, profile),
      otherwise: undefined,
    }),
  },
};
