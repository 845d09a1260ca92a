import { fault } from '../../../contract/faults/faults.ts';
import { detail } from '../../../contract/faults/reasons.ts';
import { messageOf } from '../../lib/error-text.ts';
import { countFiles, walk } from '../files/index.ts';
import type { Found, WalkPlace } from '../files/index.ts';
import type { ItemOutcome } from './predict-items.ts';
import { storedInputs, writePhase } from './journal.ts';
import type { LiveRun } from './live-run.ts';
import { runName } from './run-names.ts';
import { watchRoots } from './roots.ts';
import type { Roots } from './roots.ts';
import { driveLost } from './waiting.ts';
import { mayBeDrive } from './input-volume.ts';
import { atPace } from './pace.ts';
import { optionsOf } from './run-options.ts';
import { entryOf } from './run-rows.ts';
import { answerArrivals } from './watch-folder.ts';
import { isHaltedBy } from './work-parts.ts';
import type { WorkParts } from './work-parts.ts';

/**
 * Answers what is missing of a run, from where the store says it is, until it is done or halted; then its state is written.
 * Failed items come first where they are to be answered again.
 */
export async function processItems(parts: WorkParts, run: LiveRun): Promise<void> {
  const { store } = parts;
  parts.onChange(run.id);
  try {
    if (run.stored.retrySeq !== null) await answerFailed(parts, run, run.stored.retrySeq);
    const isRetried = run.halt === null;
    if (isRetried && run.stored.request?.watch !== undefined) await answerArrivals(parts, run);
    else if (isRetried) await answerMissing(parts, run, watchRoots(store, run));
    run.apply(run.halt ?? { kind: 'finish' });
    await writePhase(store, run, { isRetried });
  } catch (error) {
    run.apply({ kind: 'fail', fault: fault('internal', { reason: detail(messageOf(error)) }) });
    await writePhase(store, run).catch(() => undefined);
  }
  parts.onChange(run.id);
}

async function answerMissing(parts: WorkParts, run: LiveRun, roots: Roots): Promise<void> {
  const { store } = parts;
  const { request, cursor } = run.stored;
  if (!request) return;
  const firstInput = cursor?.input ?? 0;
  const hasSeveral = (await store.runInputs(run.id, { from: 0, limit: 2 })).length > 1;
  const notify = (): void => parts.onChange(run.id);
  const { signal } = run.abort;
  const walkedAll = new AbortController();
  const counting = countAhead(parts, run, AbortSignal.any([signal, walkedAll.signal]));
  let walked = 0;
  let { leftOut } = run.counts;
  const before = run.done;
  const enter = async (path: string, { input, below }: WalkPlace): Promise<void> => {
    const lost = below === '' ? await roots.enter(input, path) : null;
    if (lost) run.haltFor({ kind: 'pause', by: 'drive', fault: driveLost(lost, input) });
  };
  // Skipped files are counted with the next item, in one transaction: otherwise a resumed run would count them twice.
  async function* found() {
    const files = walk(storedInputs(store, run.id, firstInput), {
      after: cursor,
      firstInput,
      onFolder: enter,
      onLeftOut: (reason) => run.leaveOut(reason),
    });
    for await (const file of files) {
      await roots.note(file);
      walked += 1;
      run.counts.found = Math.max(run.counts.found, before + walked);
      run.apply({ kind: 'found' });
      notify();
      yield { ...file, leftOut: run.counts.leftOut };
    }
  }
  const items = parts.items(
    {
      request: { model: request.model, ...optionsOf(request) },
      found: atPace(run, found()),
      isGapless: true,
    },
    {
      signal,
      onScanned: () => {
        run.counts.found = before + walked;
        run.counts.scanned = true;
        walkedAll.abort();
        notify();
      },
    },
  );
  for await (const item of items) {
    if (isHaltedBy(run, item) || (await isDriveLost(run, roots, item))) break;
    const { found: place, outcome } = item;
    run.count(outcome.ok, outcome.ok && outcome.value.record.cached);
    if (outcome.ok) run.answeredBy(outcome.value.record);
    const name = runName(place, hasSeveral);
    ({ leftOut } = place);
    store.addRunItem(entryOf({ run: run.id, place, name }, item), { ...run.progress(), leftOut });
    notify();
  }
  walkedAll.abort();
  await counting;
  // An unplugged drive leaves an empty folder: the walk ends as if it were complete.
  const lost = run.halt === null ? await roots.lostLast() : null;
  if (lost) run.haltFor({ kind: 'pause', by: 'drive', fault: driveLost(lost, lost.input) });
  if (run.halt === null) return;
  // Skipped files after the last written item are found again on resume: do not count them now.
  run.counts.leftOut = leftOut;
  // Whoever goes on with the run finds its drives by their volumes.
  await roots.noted();
}

/** Failed items in their order; what fails again has its new fault. */
async function answerFailed(parts: WorkParts, run: LiveRun, after: number): Promise<void> {
  const { store } = parts;
  const { request } = run.stored;
  if (!request) return;
  const hasSeveral = (await store.runInputs(run.id, { from: 0, limit: 2 })).length > 1;
  async function* failedItems() {
    for (let last = after; ;) {
      const rows = await store.failedRunItems(run.id, { after: last, limit: 200 });
      for (const row of rows) {
        run.apply({ kind: 'found' });
        yield { ...row, fault: null };
      }
      const end = rows.at(-1);
      if (!end) return;
      last = end.seq;
    }
  }
  const { signal } = run.abort;
  const query = {
    request: { model: request.model, ...optionsOf(request) },
    found: atPace(run, failedItems()),
    isGapless: true,
  };
  for await (const item of parts.items(query, { signal })) {
    if (isHaltedBy(run, item)) break;
    const { seq, path, place } = item.found;
    if (item.outcome.ok) {
      run.counts.faults -= 1;
      run.count(true, item.outcome.value.record.cached);
    }
    const name = runName({ path, below: place.below }, hasSeveral);
    store.replaceRunItem(entryOf({ run: run.id, place, name }, item), {
      seq,
      elapsedMs: run.progress().elapsedMs,
    });
    parts.onChange(run.id);
  }
}

type WalkedItem = ItemOutcome<Found>;

/** Whether the item could not be read because its drive is gone: then it is no item that failed, and the run waits. */
async function isDriveLost(run: LiveRun, roots: Roots, { found, outcome }: WalkedItem): Promise<boolean> {
  if (outcome.ok || !mayBeDrive(outcome.fault)) return false;
  const lost = await roots.lost(found);
  if (!lost) return false;
  run.haltFor({ kind: 'pause', by: 'drive', fault: driveLost(lost, found.input) });
  return true;
}

/** Counts the files ahead of their results, so that the time left can be estimated; the walk itself has the last word. */
async function countAhead(parts: WorkParts, run: LiveRun, signal: AbortSignal): Promise<void> {
  if (run.counts.scanned) return;
  const onCount = (count: number, isAll: boolean): void => {
    run.counts.found = Math.max(run.counts.found, count);
    run.counts.scanned ||= isAll;
    parts.onChange(run.id);
  };
  // The count is an estimate: errors are reported by the run's own walk.
  await countFiles(storedInputs(parts.store, run.id), onCount, signal).catch(() => undefined);
}
