import type { RunFilter, RunPageQuery, RunSort } from '../../contract/runs/run.ts';
import { cell, useCell } from './cell.ts';

export type Show = RunPageQuery['show'];
/** What of a run's items is shown, and how: the same wherever the run is looked at. */
type RunLook = {
  readonly show: Show;
  /** Only photos with this label; null: any. */
  readonly label: string | null;
  /** Only what failed with this code; null: any. */
  readonly fault: string | null;
  /** Only photos of this camera, as `RunFacets` names it; null: any. */
  readonly camera: string | null;
  readonly site: string | null;
  /** Days by the cameras' clocks, `2026-10-14`; both are part of the period. */
  readonly from: string | null;
  readonly to: string | null;
  /** Only photos of which nobody has said what is on them, or somebody has; null: both. */
  readonly review: 'open' | 'done' | null;
  /** Only what has the same content as an item before it, or what is left without those; null: both. */
  readonly duplicates: 'only' | 'without' | null;
  readonly search: string;
  readonly sort: RunSort;
  /** Position in the list as it is shown. */
  readonly focused: number;
  /** The photo at that position is shown large. */
  readonly isOpen: boolean;
  /** Items that a person picked to be exported, by their numbers in the run; whatever the list shows. */
  readonly picked: ReadonlySet<number>;
  /** Position from which on a range is picked: that of the last press; null before the first. */
  readonly anchor: number | null;
  /** The item that was pressed alone: the first of those that are picked with Ctrl next. */
  readonly pressed: number | null;
};
export type ShownRun = RunLook & { readonly run: string };

/** As the walk met them. */
export const walkOrder: RunSort = { by: 'walk', descending: false };
/** The whole list. */
export const noFilter = {
  show: 'all',
  label: null,
  fault: null,
  camera: null,
  site: null,
  from: null,
  to: null,
  review: null,
  duplicates: null,
  search: '',
} as const satisfies Partial<RunLook>;
export const nonePicked: ReadonlySet<number> = new Set();
const first: RunLook = {
  ...noFilter,
  sort: walkOrder,
  focused: 0,
  isOpen: false,
  picked: nonePicked,
  anchor: null,
  pressed: null,
};
const looks = cell<ReadonlyMap<string, RunLook>>(new Map());

export function useShownRun(run: string): ShownRun {
  return { ...(useCell(looks).get(run) ?? first), run };
}
export const lookOf = (run: string): RunLook => looks.get().get(run) ?? first;

const narrowing = ['label', 'fault', 'camera', 'site', 'from', 'to', 'review', 'duplicates'] as const;
type Narrowing = (typeof narrowing)[number];

/** Which items of the run are shown, as main is asked for them. */
export function filterOf(
  look: Pick<RunFilter, 'show' | 'search' | 'unsureBelow'> & { readonly [N in Narrowing]?: string | null },
): RunFilter {
  const { show, search, unsureBelow } = look;
  const narrowed = narrowing.flatMap((name) => {
    const value = look[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return { show, search, unsureBelow, ...Object.fromEntries(narrowed) };
}

/** Whether the list leaves items out. */
export const isFiltered = (look: RunLook): boolean =>
  look.show !== 'all' || look.search.trim() !== '' || narrowing.some((name) => look[name] !== null);

export function changeLook(run: string, change: Partial<RunLook>): void {
  looks.set((before) => new Map(before).set(run, { ...(before.get(run) ?? first), ...change }));
}

/** A run that is started or opened anew begins at the top of its whole list. */
export function forgetLook(run: string): void {
  looks.set((before) => new Map([...before].filter(([name]) => name !== run)));
}
