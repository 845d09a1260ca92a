import { isRunLive } from '../../../contract/run.ts';
import type { RunState } from '../../../contract/run.ts';
import { recordFault, recordOutcome } from '../../../contract/record.ts';
import type { ItemRecord } from '../../../contract/record.ts';
import { onAbort } from '../../lib/abort.ts';
import type { Interrupt } from '../interrupt.ts';
import type { Opened } from '../open.ts';
import { openProgress } from '../progress.ts';
import type { Session } from '../session.ts';
import { runRecord, runText } from './text.ts';

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
  const { session, opened, interrupt, isJson } = following;
  const { terminal } = session;
  const { runs } = opened.engine;
  const { id } = begun;
  const asLines = isJson || !terminal.isOutTerminal;
  const print = (value: unknown): Promise<boolean> =>
    terminal.printData(`${JSON.stringify(value)}\n`, 'json');
  await (asLines ? print({ run: id, ...runRecord(begun) }) : terminal.print(`${id}\n`));
  let shown = begun;
  const progress = openProgress(terminal, () => (shown.counts.scanned ? shown.counts.found : null));
  const pause = (): void => void runs.pause(id);
  const stopListening = [interrupt.signal, terminal.readerClosed].map((signal) => onAbort(signal, pause));
  let next = begun.counts.answered + begun.counts.faults;
  const printItems = async (): Promise<void> => {
    for (;;) {
      const { records, count } = await finishedItems(opened, id, next);
      for (const record of records) await print(record);
      next += count;
      if (count < pageSize) return;
    }
  };
  const settled = runs.settled(id).then(() => true);
  for (;;) {
    const isOver = await Promise.race([settled, sleep(pollMs).then(() => false)]);
    const now = await runs.get(id);
    if (now.ok) shown = now.value;
    const { counts } = shown;
    if (asLines && !terminal.readerClosed.aborted) await printItems();
    progress.update(counts.answered + counts.faults, counts.faults);
    if (isOver && !isRunLive(shown)) break;
  }
  for (const stop of stopListening) stop();
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

type Finished = { readonly records: readonly ItemRecord[]; readonly count: number };

export async function finishedItems(opened: Opened, run: string, offset: number): Promise<Finished> {
  const query = { run, show: 'all', unsureBelow: 0, search: '', offset, limit: pageSize } as const;
  const { rows } = await opened.engine.runs.page(query, (path) => path);
  const records: ItemRecord[] = [];
  for (const row of rows) {
    const record = await recordOf(opened, run, row.seq);
    if (record) records.push(record);
  }
  return { records, count: rows.length };
}

const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
