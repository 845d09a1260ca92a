import type { z } from 'zod';
import type { LabelCount, RunPageQuery } from '../../contract/run.ts';
import { change, laterChange, read } from './declare.ts';
import { noPage } from './run-views.ts';
import { addRunItem, findRun, runFaultSeqs, runLabels, runRow, startRun } from './runs.ts';
import type { RunHead, RunItemEntry, StoredRunRow } from './runs.ts';

export const runQueries = {
  reads: {
    runPage: read({
      on: 'reader',
      run: ({ views }, query: RunPageQuery) => views.page(query),
      otherwise: noPage,
    }),
    runItem: read({
      on: 'reader',
      run: ({ db }, run: string, seq: number): StoredRunRow | null => {
        const found = findRun(db, run);
        return found ? runRow(db, found.id, seq) : null;
      },
      otherwise: null,
    }),
    runLabels: read({
      on: 'reader',
      run: ({ db }, run: string, limit: number): readonly z.infer<typeof LabelCount>[] =>
        runLabels(db, run, limit),
      otherwise: [],
    }),
    /** seq of the first faults, for the strip. */
    runFaultSeqs: read({
      on: 'reader',
      run: ({ db }, run: string, limit: number): readonly number[] => runFaultSeqs(db, run, limit),
      otherwise: [],
    }),
  },
  changes: {
    startRun: change({ run: (db, head: RunHead) => startRun(db, head), otherwise: undefined }),
    /** A finished item; the store numbers the items of a run in order of arrival. */
    addRunItem: laterChange({ run: (db, item: RunItemEntry) => addRunItem(db, item) }),
  },
};
