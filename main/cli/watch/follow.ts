import type { ItemRecord } from '../../../contract/record.ts';
import type { RunState } from '../../../contract/run.ts';
import { lineStart } from '../paint.ts';
import { tableFormat } from '../predict/formats/table.ts';
import { pollRun, printFinished, recordOf } from '../run/follow.ts';
import type { Following } from '../run/follow.ts';
import { runRecord, runText, watchText } from '../run/text.ts';
import { reportTurn } from '../run/turn.ts';

/**
 * Shows a folder that is watched until somebody ends it: on a terminal each file as `outpost predict` does, over a line that counts, elsewhere
 * JSON Lines as of a run. A file that failed and was answered later, as one whose copy had stopped for a while, is told twice.
 */
export async function followWatch(following: Following, begun: RunState): Promise<RunState> {
  const { session, opened, isJson } = following;
  const { terminal } = session;
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
    next = await printFinished(opened, { run: id, next }, printItem);
    for (const changed of await opened.store.changedItems(id, change)) {
      ({ change } = changed);
      const record = changed.seq < next ? await recordOf(opened, id, changed.seq) : null;
      if (record) await printItem(record);
    }
  };

  const shown = await pollRun(following, begun, async (now, before) => {
    reportTurn(terminal, { before, now }, status.clear);
    if (!terminal.readerClosed.aborted) await printNew();
    status.show(now);
  });
  status.clear();
  if (asLines) await print({ run: id, ...runRecord(shown) });
  terminal.note(runText(shown));
  return shown;
}

/** A line on standard error while it is a terminal. */
function openStatus({ session: { terminal } }: Following) {
  const isShown = terminal.isErrorTerminal && !terminal.isQuiet;
  let text = '';
  return {
    show: (run: RunState): void => {
      const line = watchText(run);
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
