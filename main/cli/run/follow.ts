import { isRunLive } from '../../../contract/runs/run.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import { recordFault, recordOutcome } from '../../../contract/runs/record.ts';
import type { ItemRecord } from '../../../contract/runs/record.ts';
import { onAbort } from '../../lib/abort.ts';
import type { Interrupt } from '../interrupt.ts';
import type { Opened } from '../open.ts';
import { openProgress } from '../progress.ts';
import type { Session } from '../session.ts';
import { runRecord, runText } from './text.ts';
import { reportTurn } from './turn.ts';

export type Following = {
  readonly session: Session;
  readonly opened: Opened;
  readonly interrupt: Interrupt;
  readonly isJson: boolean;
};

const pollMs = 200;
const pageSize = 200;

/**
 * Shows a run of this process until it has ended: on a terminal its id and a bar, elsewhere JSON Lines, which are the run,
 * then each item as `outpost predict` writes it, then the run once more. Ctrl-C pauses the run.
 */
export async function followRun(following: Following, begun: RunState): Promise<RunState> {
  const { session, opened, isJson } = following;
  const { terminal } = session;
  const { id } = begun;
  const asLines = isJson || !terminal.isOutTerminal;
  const print = (value: unknown): Promise<boolean> =>
    terminal.printData(`${JSON.stringify(value)}\n`, 'json');
  await (asLines ? print({ run: id, ...runRecord(begun) }) : terminal.print(`${id}\n`));
  const progress = openProgress(terminal, () => (shown.counts.scanned ? shown.counts.found : null));
  let shown = begun;
  let next = begun.counts.answered + begun.counts.faults;
  await pollRun(following, begun, async (now, before) => {
    shown = now;
    reportTurn(terminal, { before, now }, progress.clear);
    const { counts } = now;
    if (asLines && !terminal.readerClosed.aborted)
      for await (const { records, next: behind } of finishedItems(opened, { run: id, next }, pageSize)) {
        for (const record of records) await print(record);
        next = behind;
      }
    progress.update(counts.answered + counts.faults, counts.faults, now);
  });
  progress.clear();
  if (asLines) await print({ run: id, ...runRecord(shown) });
  terminal.note(runText(shown));
  if (shown.kind === 'paused' || shown.kind === 'stopped')
    terminal.note(`\`outpost run resume ${id}\` goes on where it is.`);
  return shown;
}

/** An item as `outpost predict` writes it; null where nothing of it is kept. */
export async function recordOf({ engine }: Opened, run: string, seq: number): Promise<ItemRecord | null> {
  const item = await engine.runs.item(run, seq, (path) => path);
  if (!item.ok) return null;
  const { record, row } = item.value;
  if (record) return recordOutcome(record, {});
  return row.fault && recordFault(row.ref, row.fault);
}

/**
 * Looks at a run of this process every 200 ms until it has ended, and then once more. Ctrl-C, and a reader of the output that has gone,
 * pause it. Returns how the run was at the last look.
 */
export async function pollRun(
  { session: { terminal }, opened, interrupt }: Following,
  begun: RunState,
  onLook: (now: RunState, before: RunState) => Promise<void>,
): Promise<RunState> {
  const { runs } = opened.engine;
  const { id } = begun;
  const pause = (): void => void runs.pause(id);
  const stopListening = [interrupt.signal, terminal.readerClosed].map((signal) => onAbort(signal, pause));
  const settled = runs.settled(id).then(() => true);
  let shown = begun;
  for (;;) {
    const isOver = await Promise.race([settled, sleep(pollMs).then(() => false)]);
    const now = await runs.get(id);
    const before = shown;
    if (now.ok) shown = now.value;
    await onLook(shown, before);
    if (isOver && !isRunLive(shown)) break;
  }
  for (const stop of stopListening) stop();
  return shown;
}

type Place = { readonly run: string; readonly next: number };

/** The items from `next` on that have finished by now, so many at once, each time with the one to go on from. */
export async function* finishedItems(
  opened: Opened,
  { run, next }: Place,
  limit: number,
): AsyncGenerator<{ readonly records: readonly ItemRecord[]; readonly next: number }> {
  for (let offset = next; ;) {
    const query = { run, show: 'all', unsureBelow: 0, search: '', offset, limit } as const;
    const { rows } = await opened.engine.runs.page(query, (path) => path);
    const records = await Promise.all(rows.map((row) => recordOf(opened, run, row.seq)));
    offset += rows.length;
    if (rows.length > 0) yield { records: records.filter((record) => record !== null), next: offset };
    if (rows.length < limit) return;
  }
}

const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
