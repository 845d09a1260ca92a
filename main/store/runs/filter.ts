import type { RunPageQuery } from '../../../contract/runs/run.ts';
import type { Value } from '../database.ts';
import { spansCondition } from './origins.ts';
import type { OriginFilter, OriginSpan } from './origins.ts';
import type { Reviewed } from './reviews.ts';

export type RunFilter = Pick<
  RunPageQuery,
  'show' | 'unsureBelow' | 'search' | 'label' | 'fault' | 'review' | 'duplicates'
> &
  OriginFilter;

/** A condition on `run_items`, with the values of its parameters. */
export type Condition = { readonly sql: string; readonly values: readonly Value[] };

/** What a filter asks for beyond the row itself; null where it does not. */
export type Asked = {
  readonly spans: readonly OriginSpan[] | null;
  readonly reviewed: Reviewed | null;
};

/**
 * What a row must be to fit. The unary plus keeps the planner from an index on the
 * column: rows are looked at from one seq on.
 */
export function conditionOf(
  { show, unsureBelow, search, label, fault, review, duplicates }: RunFilter,
  { spans, reviewed }: Asked,
): Condition {
  const shown = {
    all: '1',
    faults: 'is_fault = 1',
    unsure: 'coalesce(+score < ?, 0)',
    empty: 'label IS NULL AND is_fault = 0',
  }[show];
  const origin = spans === null ? null : spansCondition(spans, (name) => `+${name}`);
  const sql = `${shown}
    ${search === '' ? '' : 'AND instr(search, ?) > 0'}
    ${fault === undefined ? '' : "AND is_fault = 1 AND json_extract(fault, '$.code') = ?"}
    ${label === undefined ? '' : 'AND is_fault = 0 AND instr(search || char(10), ?) > 0'}
    ${duplicates === undefined ? '' : `AND duplicate_of IS ${duplicates === 'only' ? 'NOT' : ''} NULL`}
    ${origin === null ? '' : `AND ${origin.sql}`}
    ${reviewed === null ? '' : `AND is_fault = 0 AND ${review === 'open' ? 'NOT' : ''} coalesce(key IN (SELECT value FROM json_each(?)), 0)`}`;
  const values = [
    ...(show === 'unsure' ? [unsureBelow] : []),
    ...(search === '' ? [] : [search]),
    ...(fault === undefined ? [] : [fault]),
    // In the search column each label stands on a line of its own after the name.
    ...(label === undefined ? [] : [`\n${label.toLowerCase()}\n`]),
    ...(origin?.values ?? []),
    ...(reviewed === null ? [] : [JSON.stringify(reviewed.keys)]),
  ];
  return { sql, values };
}

const asked = ['label', 'fault', 'camera', 'site', 'from', 'to', 'review', 'duplicates'] as const;

/** Whether an index holds the whole filter, so that no row is read to find what fits. */
export const isIndexed = (filter: RunFilter): boolean =>
  filter.search === '' && asked.every((name) => filter[name] === undefined);

/** Whether it asks for duplicates, or for what is none, and for nothing else. */
export const isOfDuplicates = (filter: RunFilter): boolean =>
  filter.duplicates !== undefined && filter.show === 'all' && isIndexed({ ...filter, duplicates: undefined });
