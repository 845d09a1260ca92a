import type { Migration } from './migration.ts';

/**
 * Older comparisons counted a photo that both versions got wrong as an agreement, and their totals cannot be corrected:
 * they are deleted with their items, and a trial can be run again. Confirmations and answers stay.
 */
export const trialVerdictsMigration: Migration = {
  version: 11,
  up: (db) => db.script('DELETE FROM trial_items; DELETE FROM trials;'),
};
