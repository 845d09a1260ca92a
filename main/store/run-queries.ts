import type { z } from 'zod';
import type { Found } from '../../contract/found.ts';
import type { LabelCount, RunPageQuery } from '../../contract/run.ts';
import { change, laterChange, read } from './declare.ts';
import { foundIn } from './found.ts';
import { noPage } from './run-views.ts';
import { addRunInputs, moveRunInput, runInputs, runWitnesses } from './run-inputs.ts';
import type { RunInputs } from './run-inputs.ts';
import {
  claimRun,
  listRuns,
  removeRun,
  restoreRun,
  runCommands,
  setIdleRunPhase,
  setRunPhase,
  settleRuns,
  startRun,
  storedRun,
  takeRunCommand,
  commandRun,
} from './run-journal.ts';
import type { RunChange, RunHead, RunProgress, RunCommand, StoredRun } from './run-journal.ts';
import {
  addRunItem,
  failedRunItems,
  findRun,
  replaceRunItem,
  runFaultSeqs,
  runLabels,
  runRow,
} from './runs.ts';
import type { RunItemEntry, RunReplacement, StoredRunRow } from './runs.ts';

type Kind = StoredRun['phase']['kind'];
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
    /** What was found on photos, by the keys of their answers. */
    foundIn: read({
      on: 'reader',
      run: ({ db }, keys: readonly (string | null)[]): readonly (Found | null)[] => foundIn(db, keys),
      otherwise: [],
    }),
    /** Items of a run on which nothing was found. */
    runEmpty: read({ on: 'reader', run: ({ views }, run: string): number => views.empty(run), otherwise: 0 }),
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
    /** Failed items behind the one with this seq, in order. */
    failedRunItems: read({
      on: 'reader',
      run: ({ db }, run: string, span: { after: number; limit: number }) => failedRunItems(db, run, span),
      otherwise: [],
    }),
    storedRun: read({
      on: 'writer',
      run: ({ db }, run: string): StoredRun | null => storedRun(db, run),
      otherwise: null,
    }),
    /** Newest first. */
    listRuns: read({
      on: 'writer',
      run: ({ db }, limit: number): readonly StoredRun[] => listRuns(db, limit),
      otherwise: [],
    }),
    runInputs: read({
      on: 'reader',
      run: ({ db }, run: string, span: { from: number; limit: number }): readonly string[] =>
        runInputs(db, run, span),
      otherwise: [],
    }),
    /** Files of an input that were read, with their sizes then: they tell its drive from another. */
    runWitnesses: read({
      on: 'reader',
      run: ({ db }, run: string, input: number) => runWitnesses(db, run, input),
      otherwise: [],
    }),
    /** Commands of other processes for these runs. */
    runCommands: read({
      on: 'reader',
      run: ({ db }, runs: readonly string[]) => runCommands(db, runs),
      otherwise: [],
    }),
  },
  changes: {
    startRun: change({
      run: (db, head: RunHead, inputs: RunInputs) => startRun(db, head, inputs),
      otherwise: undefined,
    }),
    addRunInputs: change({
      run: (db, run: string, inputs: RunInputs) => addRunInputs(db, run, inputs),
      otherwise: undefined,
    }),
    /** The drive with this input is mounted elsewhere. */
    moveRunInput: change({
      run: (db, run: string, to: { input: number; path: string }) => moveRunInput(db, run, to),
      otherwise: undefined,
    }),
    /** A finished item; the store numbers the items of a run in order of arrival. */
    addRunItem: laterChange({
      run: (db, item: RunItemEntry, progress: RunProgress) => addRunItem(db, item, progress),
    }),
    /** A failed item's new outcome. */
    replaceRunItem: laterChange({
      run: (db, item: RunItemEntry, at: RunReplacement) => replaceRunItem(db, item, at),
    }),
    /** A state of a run that this process works on. */
    setRunPhase: change({
      run: (db, run: string, to: RunChange) => (setRunPhase(db, run, to), true),
      otherwise: false,
    }),
    /** A state of a run that no process works on; false when one does by now. */
    setIdleRunPhase: change({
      run: (db, run: string, to: { from: Kind; to: Kind }) => setIdleRunPhase(db, run, to),
      otherwise: false,
    }),
    /** Takes a run to work on it; false when it is in another state by now, or another process has it. */
    claimRun: change({
      run: (db, run: string, from: { kind: Kind; again: boolean }) => claimRun(db, run, from),
      otherwise: false,
    }),
    /** Leaves a command for the process that works on a run; false when none does. */
    commandRun: change({
      run: (db, run: string, command: RunCommand) => commandRun(db, run, command),
      otherwise: false,
    }),
    takeRunCommand: change({ run: (db, run: string) => takeRunCommand(db, run), otherwise: undefined }),
    /** Marks runs whose process ended without a word as interrupted. */
    settleRuns: change({ run: (db) => settleRuns(db), otherwise: 0 }),
    /** Hides a run until this process closes the store, which ends it; until then `restoreRun` brings it back. */
    removeRun: change({ run: (db, run: string) => removeRun(db, run), otherwise: false }),
    restoreRun: change({ run: (db, run: string) => restoreRun(db, run), otherwise: false }),
  },
};
