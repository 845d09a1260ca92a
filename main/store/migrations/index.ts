import { NewerStoreError } from '../failures.ts';
import type { Writable } from '../database.ts';
import { answersMigration } from './0001-answers.ts';
import { runsMigration } from './0002-runs.ts';
import { preferencesMigration } from './0003-preferences.ts';
import { openingsMigration } from './0004-openings.ts';
import { lifecycleMigration } from './0005-lifecycle.ts';
import { seriesMigration } from './0006-series.ts';
import { tokensMigration } from './0007-tokens.ts';
import { tensorAnswersMigration } from './0008-tensor-answers.ts';
import { joiningMigration } from './0009-joining.ts';
import { answerMethodMigration } from './0010-answer-method.ts';
import { trialVerdictsMigration } from './0011-trial-verdicts.ts';
import { labelIdsMigration } from './0012-label-ids.ts';
import { embeddingsMigration } from './0013-embeddings.ts';
import { runJournalMigration } from './0014-run-journal.ts';
import { watchedAndIntakesMigration } from './0015-watched-and-intakes.ts';
import { camerasMigration } from './0016-cameras.ts';
import { runPagesMigration } from './0017-run-pages.ts';
import { runOriginsMigration } from './0018-run-origins.ts';
import { runSlowedMigration } from './0019-run-slowed.ts';
import { watchedFilesMigration } from './0020-watched-files.ts';
import { sameContentMigration } from './0021-same-content.ts';
import { duplicateCountsMigration } from './0022-duplicate-counts.ts';
import { printedItemsMigration } from './0023-printed-items.ts';
import type { Migration } from './migration.ts';

/** In order of their numbers, which have no gaps. */
export const migrations: readonly Migration[] = [
  answersMigration,
  runsMigration,
  preferencesMigration,
  openingsMigration,
  lifecycleMigration,
  seriesMigration,
  tokensMigration,
  tensorAnswersMigration,
  joiningMigration,
  answerMethodMigration,
  trialVerdictsMigration,
  labelIdsMigration,
  embeddingsMigration,
  runJournalMigration,
  watchedAndIntakesMigration,
  camerasMigration,
  runPagesMigration,
  runOriginsMigration,
  runSlowedMigration,
  watchedFilesMigration,
  sameContentMigration,
  duplicateCountsMigration,
  printedItemsMigration,
];
export const newestVersion = migrations.length;

/**
 * Migrates a store up to `target`. Another process may be migrating too: the version is read again under the write
 * lock.
 */
export function migrate(db: Writable, target = newestVersion): void {
  const found = storeVersion(db);
  if (found > newestVersion) {
    throw new NewerStoreError(
      `it was made by a newer Outpost (version ${found} of the store; this one knows ${newestVersion})`,
    );
  }
  for (const migration of migrations.slice(0, target)) {
    if (migration.version <= storeVersion(db)) continue;
    db.transaction(() => {
      if (storeVersion(db) >= migration.version) return;
      migration.up(db);
      db.script(`PRAGMA user_version = ${migration.version}`);
    });
  }
}

export function storeVersion(db: Writable): number {
  return db.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
}
