import { recordQueries } from './records.ts';
import { cacheQueries } from './cache.ts';
import { confirmationQueries } from './confirmations.ts';
import type { Queries } from './declare.ts';
import { exportProfileQueries } from './export-profiles.ts';
import { exportQueries } from './exports.ts';
import { intakeQueries } from './intakes.ts';
import { itemConfirmationQueries } from './item-confirmations.ts';
import { lifecycleQueries } from './lifecycle.ts';
import { preferenceQueries } from './preferences.ts';
import { runFolderQueries } from './runs/folders.ts';
import { outlineQueries } from './runs/outline.ts';
import { runQueries } from './runs/queries.ts';
import { seriesQueries } from './series-old.ts';
import { similarQueries } from './similar.ts';
import { tensorResultQueries } from './tensor-results.ts';
import { tokenQueries } from './tokens.ts';
import { trialQueries } from './trials.ts';
import { watchQueries } from './runs/watched.ts';
import { usageQueries } from './usage.ts';

/**
 * Every query of the store by the name of its method. A query added to one of these tables becomes a method without
 * further edits.
 */
export const queries = {
  reads: {
    ...recordQueries.reads,
    ...cacheQueries.reads,
    ...confirmationQueries.reads,
    ...exportProfileQueries.reads,
    ...exportQueries.reads,
    ...intakeQueries.reads,
    ...lifecycleQueries.reads,
    ...outlineQueries.reads,
    ...preferenceQueries.reads,
    ...runFolderQueries.reads,
    ...runQueries.reads,
    ...seriesQueries.reads,
    ...similarQueries.reads,
    ...tensorResultQueries.reads,
    ...tokenQueries.reads,
    ...trialQueries.reads,
    ...watchQueries.reads,
  },
  changes: {
    ...recordQueries.changes,
    ...cacheQueries.changes,
    ...confirmationQueries.changes,
    ...itemConfirmationQueries.changes,
    ...intakeQueries.changes,
    ...exportProfileQueries.changes,
    ...lifecycleQueries.changes,
    ...preferenceQueries.changes,
    ...runFolderQueries.changes,
    ...runQueries.changes,
    ...seriesQueries.changes,
    ...similarQueries.changes,
    ...tensorResultQueries.changes,
    ...tokenQueries.changes,
    ...trialQueries.changes,
    ...watchQueries.changes,
    ...usageQueries.changes,
  },
} satisfies Queries;
