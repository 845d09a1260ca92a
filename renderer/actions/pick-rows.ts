import { client } from '../state/client.ts';
import { changeLook, lookOf, nonePicked } from '../state/run-look.ts';
import { pageQuery, pageSize } from '../state/run-queries.ts';
import type { RunList } from '../state/run-queries.ts';
import { inform } from './inform.ts';
import { focusRow } from './look-at-run.ts';

/** More than a person picks by hand; filters take any number. */
const mostPicked = 10_000;

/** Moves the focus alone. */
export const moveFocus = (run: string, index: number): void => changeLook(run, { focused: index });

export const pickNone = (run: string): void => changeLook(run, { picked: nonePicked });

/** Picks one row more, or no longer; the row that was pressed before it is the first of them. */
export async function togglePicked(list: RunList, index: number): Promise<void> {
  const { picked, anchor } = lookOf(list.run);
  changeLook(list.run, { focused: index, anchor: index });
  const before =
    picked.size === 0 && anchor !== null && anchor !== index ? await seqsIn(list, anchor, anchor) : [];
  const [seq] = await seqsIn(list, index, index);
  if (seq === undefined) return;
  const after = new Set([...lookOf(list.run).picked, ...before]);
  if (!after.delete(seq)) after.add(seq);
  changeLook(list.run, { picked: after });
}

type Range = { readonly to: number; readonly joins?: boolean };

/** Picks all rows from the one that was pressed last to this one; `joins`: beside what is picked. */
export async function pickUpTo(list: RunList, { to, joins = false }: Range): Promise<void> {
  const { anchor, focused } = lookOf(list.run);
  const from = anchor ?? focused;
  changeLook(list.run, { focused: to, anchor: from });
  await pick(list, { from: Math.min(from, to), to: Math.max(from, to), joins });
}

export const pickAll = (list: RunList, total: number): Promise<void> =>
  pick(list, { from: 0, to: total - 1, joins: false });

/** The newest of several that wait for their pages is the one that holds. */
let newest = 0;

async function pick(
  list: RunList,
  { from, to, joins }: { readonly from: number; readonly to: number; readonly joins: boolean },
): Promise<void> {
  newest += 1;
  const own = newest;
  if (to - from >= mostPicked) return inform({ key: 'run.tooManyPicked', values: { n: mostPicked } });
  const seqs = await seqsIn(list, from, to);
  if (own !== newest) return;
  changeLook(list.run, { picked: new Set(joins ? [...lookOf(list.run).picked, ...seqs] : seqs) });
}

async function seqsIn(list: RunList, from: number, to: number): Promise<readonly number[]> {
  const seqs: number[] = [];
  for (let index = Math.floor(from / pageSize); index <= Math.floor(to / pageSize); index += 1) {
    // oxlint-disable-next-line no-await-in-loop -- pages in turn: other questions to the store go between them
    const { rows } = await client.ensureQueryData(pageQuery(list, index));
    const start = index * pageSize;
    seqs.push(...rows.slice(Math.max(0, from - start), to - start + 1).map(({ seq }) => seq));
  }
  return seqs;
}

/** What a press with the pointer does: alone it goes to the row, with Ctrl it picks one more, with Shift all up to it. */
export function pressRow(list: RunList, index: number, keys: PickKeys): void {
  const joins = keys.ctrlKey || keys.metaKey;
  if (keys.shiftKey) void pickUpTo(list, { to: index, joins });
  else if (joins) void togglePicked(list, index);
  else focusRow(list.run, index);
}

type PickKeys = Pick<KeyboardEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>;

/** What an arrow key does: alone it goes on, with Shift it picks what it passes, with Ctrl it only moves. */
export function stepToRow(list: RunList, index: number, keys: PickKeys): void {
  if (keys.shiftKey) void pickUpTo(list, { to: index });
  else if (keys.ctrlKey || keys.metaKey) moveFocus(list.run, index);
  else focusRow(list.run, index);
}
