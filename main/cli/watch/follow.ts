import type { ItemRecord } from '../../../contract/record.ts';
import { isRunLive } from '../../../contract/run.ts';
import type { RunState } from '../../../contract/run.ts';
import { onAbort } from '../../lib/abort.ts';
import { lineStart } from '../paint.ts';
import { tableFormat } from '../predict/formats/table.ts';
import { finishedItems, recordOf } from '../run/follow.ts';
import type { Following } from '../run/follow.ts';
import { runRecord, runText } from '../run/text.ts';

const pollMs = 200;
const pageSize = 200;

/**
 * Shows a folder that is watched until somebody ends it: on a terminal each file as `outpost predict` does, over a line that counts, elsewhere
 * JSON Lines as of a run. A file that failed and was answered later, as one whose copy had stopped for a while, is told twice.
 */
export async function followWatch(following: Following, begun: RunState): Promise<RunState> {
  const { session, opened, interrupt, isJson } = following;
  const { terminal } = session;
  const { runs } = opened.engine;
  const { id } = begun;
  const asLines = isJson || !terminal.isOutTerminal;
  const status = openStatus(following);
  const table = tableFormat(terminal);
  const print = (value: unknown): Promise<boolean> =>
    terminal.printData(`${JSON.stringify(value)}\n`, 'json');
  const printItem = async (record: ItemRecord): Promise<void> => {
    status.clear();
    await (asLines ? print(record) : terminal.print(table.one(record)));
  };
  if (asLines) await print({ run: id, ...runRecord(begun) });
  else terminal.note(`Watching ${begun.title} as run ${id}. Ctrl-C ends it; watching again goes on with it.`);

  let next = begun.counts.answered + begun.counts.faults;
  let change = await opened.store.itemChanges(id);
  const printNew = async (): Promise<void> => {
    for (let count = pageSize; count === pageSize;) {
      const finished = await finishedItems(opened, id, next);
      for (const record of finished.records) await printItem(record);
      ({ count } = finished);
      next += count;
    }
    for (const changed of await opened.store.changedItems(id, change)) {
      ({ change } = changed);
      const record = changed.seq < next ? await recordOf(opened, id, changed.seq) : null;
      if (record) await printItem(record);
    }
  };

  const pause = (): void => void runs.pause(id);
  const stopListening = [interrupt.signal, terminal.readerClosed].map((signal) => onAbort(signal, pause));
  const settled = runs.settled(id).then(() => true);
  let shown = begun;
  for (;;) {
    const isOver = await Promise.race([settled, sleep(pollMs).then(() => false)]);
    const now = await runs.get(id);
    if (now.ok) {
      reportDrive(following, shown, now.value);
      shown = now.value;
    }
    if (!terminal.readerClosed.aborted) await printNew();
    status.show(shown);
    if (isOver && !isRunLive(shown)) break;
  }
  for (const stop of stopListening) stop();
  status.clear();
  if (asLines) await print({ run: id, ...runRecord(shown) });
  terminal.note(runText(shown));
  return shown;
}

/** That the folder went away, and that it is back. */
function reportDrive({ session }: Following, before: RunState, now: RunState): void {
  const isWaiting = (run: RunState): boolean => run.kind === 'paused' && run.by !== 'person';
  if (isWaiting(before) === isWaiting(now)) return;
  if (now.kind === 'paused' && now.fault) session.terminal.complain(now.fault);
  else if (isRunLive(now)) session.terminal.note(`${now.title} is back.`);
}

/** A line on standard error while it is a terminal. */
function openStatus({ session: { terminal } }: Following) {
  const isShown = terminal.isErrorTerminal && !terminal.isQuiet;
  let text = '';
  return {
    show: ({ title, counts }: RunState): void => {
      const { answered, faults, found } = counts;
      const waiting = found - answered - faults;
      const parts = [
        `Watching ${title}`,
        `${answered} answered`,
        ...(faults > 0 ? [`${faults} ${faults === 1 ? 'fault' : 'faults'}`] : []),
        ...(waiting > 0 ? [`${waiting} coming`] : []),
      ];
      const line = parts.join(' · ');
      if (!isShown || line === text) return;
      text = line;
      terminal.raw(`${lineStart}${line}`);
    },
    clear: (): void => {
      if (text !== '') terminal.raw(lineStart);
      text = '';
    },
  };
}

const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
