import { failed, ok } from '../../../contract/faults/faults.ts';
import { namedRun } from '../../../contract/runs/run.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import type { Store } from '../../store/index.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { RunFolderState } from '../../../contract/runs/run-folders.ts';
import type { RunItems } from '../run-items.ts';
import { runPaths } from './journal.ts';
import { foundIn, shownRow } from './run-rows.ts';

/** Labels of a summary, from which a person chooses one. */
const mostLabels = 50;
/** How long a list is looked through before what was found is shown. */
const pageMs = 20;
/** Faults that a run's strip marks. */
const mostMarks = 500;

/** What is asked of a run's items: the store has them, whoever works on the run. */
export function createRunReads(store: Store, onChange: (run: string) => void): RunItems {
  const folders = async (run: string): Promise<Outcome<RunFolderState[]>> => {
    await store.flush();
    const states = await store.runFolderStates(run);
    // The whole run is always among them.
    return states.length === 0 ? failed('run-not-found', { run }) : ok([...states]);
  };
  return {
    facets: async (run) => {
      await store.flush();
      const facets = await store.runFacets(run);
      return facets ? ok(facets) : failed('run-not-found', { run });
    },
    folders,
    setFolder: async (run, change) => {
      const { folder } = change;
      const isKnown = folder === '' || (await store.hasRunFolder(run, folder));
      if (isKnown && !(await store.setRunFolder(run, change))) return failed('run-not-found', { run });
      if (!isKnown) {
        const stored = await store.exportRun(run);
        return stored
          ? failed('run-folder-unknown', { ...namedRun(stored), folder })
          : failed('run-not-found', { run });
      }
      onChange(run);
      return folders(run);
    },
    page: async (query, refOf) => {
      const { rows, ...rest } = await store.runPage(query, pageMs);
      const keys = rows.map(({ key }) => key);
      const [found, confirmed] = await Promise.all([store.foundIn(keys), store.confirmedIn(keys)]);
      const shownRows = rows.map((row, at) => ({
        ...shownRow(row, refOf),
        found: found[at] ?? null,
        confirmed: confirmed[at] ?? null,
      }));
      return { ...rest, rows: shownRows };
    },
    span: (query) => store.runSpan(query, pageMs),
    item: async (id, seq, refOf) => {
      const row = await store.runItem(id, seq);
      if (!row)
        return failed('request-invalid', {
          call: 'runs.item',
          reason: reason('no-such-item', { run: id, seq }),
        });
      const [answer, [confirmed = null]] = await Promise.all([
        row.key === null ? null : store.record(row.key),
        store.confirmedIn([row.key]),
      ]);
      return ok({
        row: { ...shownRow(row, refOf), found: answer ? foundIn(answer.result) : null, confirmed },
        record: answer ? { ...answer, input: row.path, cached: row.cached } : null,
      });
    },
    summary: async (id) => {
      const [top, totals, reviewed, reasons, faultSeqs] = await Promise.all([
        store.runLabels(id, mostLabels),
        store.runTotals(id),
        store.runReviewed(id),
        store.runFaultCounts(id),
        store.runFaultSeqs(id, mostMarks),
      ]);
      return { top: [...top], ...totals, reviewed, reasons: [...reasons], faultSeqs: [...faultSeqs] };
    },
    paths: (id) => runPaths(store, id),
    itemPaths: async (picked) => {
      await store.flush();
      return store.runItemPaths(picked);
    },
    failures: (id) => runFailures(store, id),
  };
}

/** Failed items of a run with their paths, read in pages. */
async function* runFailures(store: Store, run: string) {
  const limit = 500;
  for (let offset = 0; ; offset += limit) {
    const page = { run, show: 'faults', unsureBelow: 0, search: '', offset, limit } as const;
    const { rows } = await store.runPage(page);
    for (const { path, fault } of rows) if (fault) yield { path, fault };
    if (rows.length < limit) return;
  }
}
