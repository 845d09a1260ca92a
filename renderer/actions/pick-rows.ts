import type { RunPage } from '../../contract/runs/run.ts';
import { cell } from '../state/cell.ts';
import { client, valueOf } from '../state/client.ts';
import { changeLook, filterOf, lookOf, nonePicked } from '../state/run-look.ts';
import { pageQuery, pageSize } from '../state/run-queries.ts';
import type { RunList } from '../state/run-queries.ts';
import { focusRow } from './look-at-run.ts';

/** Gestures that change what is picked. One that waits for pages ends when a newer one was made. */
const gestures = cell(0);
const beginGesture = (): number => {
  gestures.set((before) => before + 1);
  return gestures.get();
};

/** Goes to a row; nothing is picked any more. The row is the first of those that are picked with Ctrl next. */
function goTo(list: RunList, index: number): void {
  beginGesture();
  focusRow(list.run, index, seqAt(list, index));
}

/** Moves the focus alone. */
export const moveFocus = (run: string, index: number): void =>
  changeLook(run, { focused: index, pressed: null });

export function pickNone(run: string): void {
  beginGesture();
  changeLook(run, { picked: nonePicked, pressed: null });
}

/** Picks one row more, or no longer. */
export function togglePicked(list: RunList, index: number): void {
  beginGesture();
  const { picked, pressed } = lookOf(list.run);
  const seq = seqAt(list, index);
  changeLook(list.run, { focused: index, anchor: index, pressed: null });
  if (seq === null) return;
  const after = new Set(picked);
  if (picked.size === 0 && pressed !== null) after.add(pressed);
  if (!after.delete(seq)) after.add(seq);
  changeLook(list.run, { picked: after });
}

type Range = { readonly to: number; readonly joins?: boolean };

/** Picks all rows from the one that was pressed last to this one; `joins`: beside what is picked. */
function pickUpTo(list: RunList, { to, joins = false }: Range): Promise<void> {
  const { anchor, focused } = lookOf(list.run);
  const from = anchor ?? focused;
  changeLook(list.run, { focused: to, anchor: from, pressed: null });
  return pick(list, { from: Math.min(from, to), to: Math.max(from, to), joins });
}

export const pickAll = (list: RunList, total: number): Promise<void> =>
  pick(list, { from: 0, to: total - 1, joins: false });

async function pick(
  list: RunList,
  { from, to, joins }: { readonly from: number; readonly to: number; readonly joins: boolean },
): Promise<void> {
  const own = beginGesture();
  const isNewest = (): boolean => own === gestures.get();
  const asked = { from, to, isNewest };
  // What is on the screen is in pages that are there already.
  const isNear = to - from < pageSize * 4;
  const seqs = await (isNear ? seqsOnPages(list, asked) : seqsIn(list, asked)).catch(() => null);
  if (!seqs || !isNewest()) return;
  const picked = new Set(joins ? lookOf(list.run).picked : []);
  for (const seq of seqs) picked.add(seq);
  changeLook(list.run, { picked });
}

type Span = { readonly from: number; readonly to: number; readonly isNewest: () => boolean };

/** Asks for pages that changed since they were shown. A list that cannot be read says so itself. */
async function seqsOnPages(list: RunList, { from, to, isNewest }: Span): Promise<readonly number[]> {
  const seqs: number[] = [];
  for (let index = Math.floor(from / pageSize); index <= Math.floor(to / pageSize); index += 1) {
    // oxlint-disable-next-line no-await-in-loop -- pages in turn: other questions to the store go between them
    const { rows } = await wholePage(list, { index, isNewest });
    const start = index * pageSize;
    seqs.push(...rows.slice(Math.max(0, from - start), to - start + 1).map(({ seq }) => seq));
  }
  return seqs;
}

/** Of any number of rows, without what stands in them. */
async function seqsIn(list: RunList, { from, to, isNewest }: Span): Promise<Uint32Array> {
  const { run, sort } = list;
  const asked = { run, ...filterOf(list), sort, offset: from, limit: to - from + 1 };
  let span = await valueOf('runs.span', asked);
  // oxlint-disable-next-line no-await-in-loop -- the same question, until it is answered whole
  while (!span.isWhole && isNewest()) span = await valueOf('runs.span', asked);
  return span.items;
}

/** A list that is still looked through gives more to whoever asks again. */
async function wholePage(
  list: RunList,
  { index, isNewest }: { readonly index: number; readonly isNewest: () => boolean },
): Promise<RunPage> {
  const { queryKey, queryFn } = pageQuery(list, index);
  let page = await client.fetchQuery({ queryKey, queryFn });
  while (!page.isWhole && isNewest())
    // oxlint-disable-next-line no-await-in-loop -- the same question, until it is answered whole
    page = await client.fetchQuery({ queryKey, queryFn, staleTime: 0 });
  return page;
}

/** The item of a row that is shown; null while its page is on the way. */
function seqAt(list: RunList, index: number): number | null {
  const page = client.getQueryData<RunPage>(pageQuery(list, Math.floor(index / pageSize)).queryKey);
  return page?.rows[index % pageSize]?.seq ?? null;
}

/** What a press with the pointer does: alone it goes to the row, with Ctrl it picks one more, with Shift all up to it. */
export function pressRow(list: RunList, index: number, keys: PickKeys): void {
  const joins = keys.ctrlKey || keys.metaKey;
  if (keys.shiftKey) void pickUpTo(list, { to: index, joins });
  else if (joins) togglePicked(list, index);
  else goTo(list, index);
}

type PickKeys = Pick<KeyboardEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>;

/** What an arrow key does: alone it goes on, with Shift it picks what it passes, with Ctrl it only moves. */
export function stepToRow(list: RunList, index: number, keys: PickKeys): void {
  if (keys.shiftKey) void pickUpTo(list, { to: index });
  else if (keys.ctrlKey || keys.metaKey) moveFocus(list.run, index);
  else goTo(list, index);
}
