import type { Found } from '../../../contract/runs/found.ts';
import type {
  FaultCount,
  LabelCount,
  PickedItems,
  RunFilter,
  RunPageQuery,
  RunSpan,
  SlowCause,
} from '../../../contract/runs/run.ts';
import { change, laterChange, read } from '../declare.ts';
import { confirmedIn, foundIn } from '../found-and-confirmed.ts';
import { endedRuns, liveRuns } from './list.ts';
import type { EndedRuns, EndedRunsQuery } from './list.ts';
import { noPage, noSpan } from './views.ts';
import { pathsOfItems, seqsOfFiles } from './files.ts';
import type { FoundFiles } from './files.ts';
import { addRunInputs, moveRunInput, moveRunInputs, runInputs, runWitnesses } from './inputs.ts';
import type { RunInputs } from './inputs.ts';
import {
  claimRun,
  listRuns,
  removeRun,
  restoreRun,
  runCommands,
  setIdleRunPhase,
  setRunPhase,
  setRunSlowed,
  settleRuns,
  startRun,
  storedRun,
  takeRunCommand,
  commandRun,
} from './journal.ts';
import type { RunChange, RunHead, RunProgress, RunCommand, StoredRun } from './journal.ts';
import {
  addRunItem,
  failedRunItems,
  findRun,
  replaceRunItem,
  runFaultCounts,
  runFaultSeqs,
  runLabels,
  runRow,
  runTotals,
  noTotals,
} from './items.ts';
import type { RunItemEntry, RunReplacement, RunTotals, StoredRunRow } from './items.ts';

type Kind = StoredRun['phase']['kind'];
export const runQueries = {
  reads: {
    runPage: read({
      on: 'reader',
      run: ({ views }, query: RunPageQuery, withinMs: number = Infinity) => views.page(query, withinMs),
      otherwise: noPage,
    }),
    runSpan: read({
      on: 'reader',
      run: ({ views }, query: RunSpan, withinMs: number = Infinity) => views.span(query, withinMs),
      otherwise: noSpan,
    }),
    /** Items that a list with this filter shows. */
    runSeqs: read({
      on: 'reader',
      run: ({ views }, run: string, filter: RunFilter): readonly number[] => views.seqs(run, filter),
      otherwise: [],
    }),
    /** Items of a run that are these files. */
    runSeqsOfFiles: read({
      on: 'reader',
      run: ({ db }, run: string, files: readonly string[]): FoundFiles => seqsOfFiles(db, run, files),
      otherwise: { seqs: [], missing: null },
    }),
    runItemPaths: read({
      on: 'reader',
      run: ({ db }, { run, items }: PickedItems): readonly string[] => pathsOfItems(db, run, items),
      otherwise: [],
    }),
    runItem: read({
      on: 'reader',
      run: ({ db }, run: string, seq: number): StoredRunRow | null => {
        const found = findRun(db, run);
        return found ? runRow(db, found.id, seq) : null;
      },
      otherwise: null,
    }),
    /** Summaries of what was found on photos, by the keys of their answers. */
    foundIn: read({
      on: 'reader',
      run: ({ db }, keys: readonly (string | null)[]): readonly (Found | null)[] => foundIn(db, keys),
      otherwise: [],
    }),
    /** What a person said is on these photos, by the keys of their answers. */
    confirmedIn: read({
      on: 'reader',
      run: ({ db }, keys: readonly (string | null)[]): readonly (string | null)[] => confirmedIn(db, keys),
      otherwise: [],
    }),
    /** Why items of a run failed, most first. */
    runFaultCounts: read({
      on: 'reader',
      run: ({ db }, run: string): readonly FaultCount[] => runFaultCounts(db, run),
      otherwise: [],
    }),
    /** Items of a run on which nothing was found, and those with the same content as another one of it. */
    runTotals: read({
      on: 'reader',
      run: ({ db }, run: string): RunTotals => runTotals(db, run),
      otherwise: noTotals,
    }),
    /** Items of a run of which a person said what is on them. */
    runReviewed: read({
      // It looks at every row of a run, and again after each word of a person.
      on: 'comparer',
      run: ({ views }, run: string): number => views.reviewed(run),
      otherwise: 0,
    }),
    runLabels: read({
      on: 'reader',
      run: ({ db }, run: string, limit: number): readonly LabelCount[] => runLabels(db, run, limit),
      otherwise: [],
    }),
    /** seq of the first faults, for the run strip. */
    runFaultSeqs: read({
      on: 'reader',
      run: ({ db }, run: string, limit: number): readonly number[] => runFaultSeqs(db, run, limit),
      otherwise: [],
    }),
    /** Failed items after this seq, in order. */
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
    /** Runs that a process works on or watches for, newest first. */
    liveRuns: read({
      on: 'writer',
      run: ({ db }): readonly StoredRun[] => liveRuns(db),
      otherwise: [],
    }),
    /** A page of the others, newest first. */
    endedRuns: read({
      on: 'writer',
      run: ({ db }, query: EndedRunsQuery): EndedRuns => endedRuns(db, query),
      otherwise: { runs: [], total: 0 },
    }),
    runInputs: read({
      on: 'reader',
      run: ({ db }, run: string, span: { from: number; limit: number }): readonly string[] =>
        runInputs(db, run, span),
      otherwise: [],
    }),
    /** Some files of an input that were read, with their sizes at that time: they identify its drive. */
    runWitnesses: read({
      on: 'reader',
      run: ({ db }, run: string, input: number) => runWitnesses(db, run, input),
      otherwise: [],
    }),
    /** Commands that other processes left for these runs. */
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
    /** The drive with this input has another mount point. */
    moveRunInput: change({
      run: (db, run: string, to: { input: number; path: string }) => moveRunInput(db, run, to),
      otherwise: undefined,
    }),
    moveRunInputs: change({
      run: (db, run: string, move: { from: string; to: string }) => moveRunInputs(db, run, move),
      otherwise: undefined,
    }),
    /** A finished item; the store numbers items in order of arrival. */
    addRunItem: laterChange({
      run: (db, item: RunItemEntry, progress: RunProgress) => addRunItem(db, item, progress),
    }),
    /** The new outcome of a failed item that was retried. */
    replaceRunItem: laterChange({
      run: (db, item: RunItemEntry, at: RunReplacement) => replaceRunItem(db, item, at),
    }),
    /** Writes the state of a run that this process owns. */
    setRunPhase: change({
      run: (db, run: string, to: RunChange) => (setRunPhase(db, run, to), true),
      otherwise: false,
    }),
    setRunSlowed: laterChange({
      run: (db, run: string, cause: SlowCause | null) => setRunSlowed(db, run, cause),
    }),
    /** Writes the state of a run without an owner; false when a process owns it by now. */
    setIdleRunPhase: change({
      run: (db, run: string, to: { from: Kind; to: Kind }) => setIdleRunPhase(db, run, to),
      otherwise: false,
    }),
    /** Takes ownership of a run; false when its state changed or another process owns it. */
    claimRun: change({
      run: (db, run: string, from: { kind: Kind; again: boolean }) => claimRun(db, run, from),
      otherwise: false,
    }),
    /** Leaves a command for the process that owns a run; false when none does. */
    commandRun: change({
      run: (db, run: string, command: RunCommand) => commandRun(db, run, command),
      otherwise: false,
    }),
    takeRunCommand: change({ run: (db, run: string) => takeRunCommand(db, run), otherwise: undefined }),
    /** Marks runs whose process ended without saying so as interrupted. */
    settleRuns: change({ run: (db) => settleRuns(db), otherwise: 0 }),
    /** Hides a run until this process closes the store, which makes it final; until then `restoreRun` undoes it. */
    removeRun: change({ run: (db, run: string) => removeRun(db, run), otherwise: false }),
    restoreRun: change({ run: (db, run: string) => restoreRun(db, run), otherwise: false }),
  },
};
