import type { Queries } from '../declare.ts';
import type { Ask, GatheredChange } from './messages.ts';
import { expendableBytesOf, marksOf, waitsFor } from './perform-query.ts';

/** Most pending changes: beyond that, while the disk refuses, the oldest are dropped. */
const mostHeld = 20_000;
/** Most bytes of recomputable values pending in one group; more are not kept. */
const mostExpendableBytes = 64 * 1024 ** 2;

export type Group = { readonly changes: readonly GatheredChange[]; readonly touched: readonly string[] };

/**
 * Changes that wait to be committed as a group, with the marks of what they touch, so that a read knows whether it must
 * wait.
 */
export type Gathered = {
  readonly size: number;
  add(change: GatheredChange): void;
  /** Notes that a stored answer was used, once per group. */
  touch(key: string): void;
  concerns(ask: Pick<Ask, 'name' | 'input'>): boolean;
  take(): Group;
  /** Requeues a group that could not be committed, without its recomputable values. */
  giveBack(group: Group): void;
};

export function gather(queries: Queries): Gathered {
  let changes: GatheredChange[] = [];
  let touched = new Set<string>();
  let marks = new Set<string>();
  let expendableBytes = 0;

  return {
    get size() {
      return changes.length + touched.size;
    },
    add(change) {
      const bytes = expendableBytesOf(queries, change);
      if (bytes !== null && expendableBytes + bytes > mostExpendableBytes) return;
      expendableBytes += bytes ?? 0;
      changes.push(change);
      if (changes.length > mostHeld) changes.splice(0, changes.length - mostHeld);
      for (const mark of marksOf(queries, change)) marks.add(mark);
    },
    touch(key) {
      touched.add(key);
    },
    concerns({ name, input }) {
      if (changes.length === 0) return false;
      const query = queries.reads[name];
      const wanted = query ? waitsFor(query, input) : 'all';
      return wanted === 'all' || wanted.some((mark) => marks.has(mark));
    },
    take() {
      const group = { changes, touched: [...touched] };
      changes = [];
      touched = new Set();
      marks = new Set();
      expendableBytes = 0;
      return group;
    },
    giveBack(group) {
      const newer = changes;
      const again = group.changes.filter((change) => expendableBytesOf(queries, change) === null);
      changes = [...again, ...newer].slice(-mostHeld);
      for (const change of changes) for (const mark of marksOf(queries, change)) marks.add(mark);
    },
  };
}
