import { siteOfFolders, siteOfInput } from '../../lib/camera-folders.ts';
import { fromStorable, toStorable } from '../../lib/file-names.ts';
import type { Migration } from './migration.ts';

/**
 * What a run's items can be filtered by besides their labels: the folder and the camera that they came from, of which there are few, and
 * when they were taken by that camera's clock. Sites and shifts that a person states stay in `run_folders` alone.
 */
export const runOriginsMigration: Migration = {
  version: 18,
  up: (db) => {
    db.script(`
      CREATE TABLE run_origins (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        -- As run_folders has it.
        folder TEXT NOT NULL,
        -- What the folders call the site.
        site TEXT NOT NULL,
        -- Empty where photos do not say it.
        make TEXT NOT NULL,
        model TEXT NOT NULL,
        serial TEXT NOT NULL,
        items INTEGER NOT NULL,
        -- Seconds by the camera's clock, as if it went by UTC.
        first_taken INTEGER,
        last_taken INTEGER,
        UNIQUE (run, folder, site, make, model, serial)
      ) STRICT;
      ALTER TABLE run_items ADD COLUMN origin INTEGER;
      ALTER TABLE run_items ADD COLUMN taken INTEGER;
      -- What an input is called as a site once its drive was mounted elsewhere: as before.
      ALTER TABLE run_inputs ADD COLUMN site TEXT;

      CREATE TEMP TABLE item_origins AS
        SELECT i.run, i.seq, rtrim(rtrim(i.name, replace(i.name, '/', '')), '/') AS folder, n.path AS input, i.path = '' AS is_photo,
          coalesce(json_extract(camera, '$.make'), '') AS make, coalesce(json_extract(camera, '$.model'), '') AS model,
          coalesce(json_extract(camera, '$.serial'), '') AS serial,
          CAST(strftime('%s', json_extract(camera, '$.takenAt')) AS INTEGER) AS taken, '' AS site
        FROM run_items i LEFT JOIN run_inputs n ON n.run = i.run AND n.seq = i.input;
      CREATE INDEX temp.item_origins_folders ON item_origins (folder, input, is_photo);
    `);
    const folders = db.all<{ folder: string; input: string | null; is_photo: number }>(
      'SELECT DISTINCT folder, input, is_photo FROM temp.item_origins',
    );
    for (const { folder, input, is_photo: isPhoto } of folders)
      db.run(
        'UPDATE temp.item_origins SET site = ? WHERE folder = ? AND input IS ? AND is_photo = ?',
        toStorable(
          siteOfFolders(fromStorable(folder)) ??
            siteOfInput(fromStorable(input ?? ''), { isPhoto: isPhoto === 1 }),
        ),
        folder,
        input,
        isPhoto,
      );
    db.script(`
      INSERT INTO run_origins (run, folder, site, make, model, serial, items, first_taken, last_taken)
        SELECT run, folder, site, make, model, serial, count(*), min(taken), max(taken) FROM temp.item_origins
        GROUP BY run, folder, site, make, model, serial;
      UPDATE run_items SET origin = o.id, taken = t.taken FROM temp.item_origins t JOIN run_origins o
        ON o.run = t.run AND o.folder = t.folder AND o.site = t.site AND o.make = t.make AND o.model = t.model AND o.serial = t.serial
        WHERE run_items.run = t.run AND run_items.seq = t.seq;
      DROP TABLE temp.item_origins;
      CREATE INDEX run_items_origins ON run_items (run, origin, taken);
    `);
  },
};
