import type { ItemRecord } from '../../../contract/runs/record.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import type { Opened } from '../open.ts';
import { lineStart } from '../paint.ts';
import { tableFormat } from '../predict/formats/table.ts';
import { finishedItems, pollRun, recordOf } from '../run/follow.ts';
import type { Following } from '../run/follow.ts';
import { runRecord, runText, watchText } from '../run/text.ts';
import { reportTurn } from '../run/turn.ts';

type PrintedUpTo = NonNullable<Awaited<ReturnType<Opened['store']['printedUpTo']>>>;

/** Items that are written at once, before it is stored that they are: as many may be printed twice after a kill just then. */
const together = 20;

/**
 * Shows a folder that is watched until somebody ends it: on a terminal each file as `outpost predict` does, over a line that counts, elsewhere
 * JSON Lines as of a run. A file that failed and was answered later, as one whose copy had stopped for a while, is told twice. What was
 * stored and not printed when the program before was killed, and what another process answered meanwhile, comes first.
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
  const printItems = async (records: readonly ItemRecord[]): Promise<boolean> => {
    status.clear();
    if (!asLines) return terminal.print(records.map(table.one).join(''));
    return terminal.printData(records.map((record) => `${JSON.stringify(record)}\n`).join(''), 'json');
  };
  if (asLines) await print({ run: id, ...runRecord(begun) });
  else terminal.note(`Watching ${begun.title} as run ${id}. Ctrl-C ends it; watching again goes on with it.`);

  let upTo = await openPlace(following, begun);
  /** Prints what has no more than `together` items, then stores how far it came; false once nobody reads it. */
  const printUpTo = async (records: readonly ItemRecord[], place: PrintedUpTo): Promise<boolean> => {
    if (records.length > 0 && !(await printItems(records))) return false;
    upTo = place;
    await opened.store.setPrintedUpTo(id, place);
    return true;
  };
  const printNew = async (): Promise<void> => {
    for await (const { records, next } of finishedItems(opened, { run: id, next: upTo.next }, together))
      if (!(await printUpTo(records, { ...upTo, next }))) return;
    for (const { seq, change } of await opened.store.changedItems(id, upTo.change)) {
      const record = seq < upTo.next ? await recordOf(opened, id, seq) : null;
      if (!(await printUpTo(record ? [record] : [], { ...upTo, change }))) return;
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

/** Where printing goes on. A run of which nothing was printed by a version that keeps it begins with what is answered from now on. */
async function openPlace({ opened: { store } }: Following, { id, counts }: RunState): Promise<PrintedUpTo> {
  const known = await store.printedUpTo(id);
  if (known) return known;
  const now = { next: counts.answered + counts.faults, change: await store.itemChanges(id) };
  await store.setPrintedUpTo(id, now);
  return now;
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
