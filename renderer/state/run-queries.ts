import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import type { CallInput } from '../../contract/calls/calls.ts';
import { unsureBelowOf } from '../../contract/packs/model.ts';
import type { ModelSummary } from '../../contract/packs/model.ts';
import { isRunLive } from '../../contract/runs/run.ts';
import type { RunPage, RunPageQuery, RunRow, RunSort, RunState } from '../../contract/runs/run.ts';
import { findsThings } from '../../contract/tasks/index.ts';
import { valueOf } from './client.ts';
import { useModels } from './queries.ts';
import { filterOf } from './run-look.ts';

export const pageSize = 100;
export type RunList = {
  readonly run: string;
  readonly show: RunPageQuery['show'];
  readonly label?: string | null;
  readonly fault?: string | null;
  readonly camera?: string | null;
  readonly site?: string | null;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly review?: 'open' | 'done' | null;
  readonly unsureBelow: number;
  readonly search: string;
  readonly sort: RunSort;
};

export const useRun = (run: string | null) =>
  useQuery({
    queryKey: ['run', run, 'state'],
    queryFn: () => valueOf('runs.get', { run: run ?? '' }),
    enabled: run !== null,
  });
/** Runs of which something is under way or waits. Those of other processes change without a hint, so it is asked again. */
export const useLiveRuns = () =>
  useQuery({
    queryKey: ['runs', 'live'],
    queryFn: () => valueOf('runs.live', undefined),
    refetchInterval: ({ state }) => (state.data?.some(isElsewhere) ? 1_000 : 2_500),
  });
export const isElsewhere = ({ owner }: RunState): boolean => owner === 'elsewhere';

export type EndedQuery = Pick<CallInput<'runs.ended'>, 'search' | 'show'>;
const endedPage = 50;
/** The others, newest first, page by page. */
export const useEndedRuns = ({ search, show }: EndedQuery) =>
  useInfiniteQuery({
    queryKey: ['runs', 'ended', search, show],
    queryFn: ({ pageParam: after }) => valueOf('runs.ended', { search, show, after, limit: endedPage }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) =>
      last.runs.length < endedPage ? undefined : (last.runs.at(-1)?.id ?? undefined),
    placeholderData: keepPreviousData,
  });

/** The run that the person should know of: the one that is shown, else the newest that is under way. */
export function useRunInSight(shown: string | null): RunState | null {
  const runs = useLiveRuns().data;
  const state = useRun(shown).data;
  return state && isRunLive(state) ? state : (runs?.find(isRunLive) ?? null);
}
export const useRunSummary = (run: string) =>
  useQuery({ queryKey: ['run', run, 'summary'], queryFn: () => valueOf('runs.summary', { run }) });
/** Cameras, sites and days that its list can be filtered by. */
export const useRunFacets = (run: string) =>
  useQuery({ queryKey: ['run', run, 'facets'], queryFn: () => valueOf('runs.facets', { run }) });
/** Its folders with the sites and clocks that hold for them. */
export const useRunFolders = (run: string, isAsked = true) =>
  useQuery({
    queryKey: ['run', run, 'folders'],
    queryFn: () => valueOf('runs.folders', { run }),
    enabled: isAsked,
  });
export const useRunItem = (run: string, seq: number | null) =>
  useQuery({
    queryKey: ['run-item', run, seq],
    queryFn: () => valueOf('runs.item', { run, seq: seq ?? 0 }),
    enabled: seq !== null,
    placeholderData: keepPreviousData,
  });

/** Rows `first` to `last` of the list, asked for page by page, with the counts of the freshest page. */
export function useRunRows(list: RunList, first: number, last: number) {
  const from = Math.floor(Math.max(0, first) / pageSize);
  const to = Math.floor(Math.max(0, last) / pageSize);
  const indexes = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return useQueries({
    queries: indexes.map((index) => pageQuery(list, index)),
    combine: (results) => {
      const pages = results.map((result) => result.data);
      const counts = results.reduce<RunPage | null>(
        (freshest, { data }) => (data && data.all >= (freshest?.all ?? 0) ? data : freshest),
        null,
      );
      return {
        counts,
        rowAt: (at: number): RunRow | null =>
          pages[Math.floor(at / pageSize) - from]?.rows[at % pageSize] ?? null,
      };
    },
  });
}

export function pageQuery(list: RunList, index: number) {
  const { run, sort } = list;
  const filter = filterOf(list);
  return {
    queryKey: ['run', run, 'page', filter, sort, index] as const,
    queryFn: () => valueOf('runs.page', { run, ...filter, sort, offset: index * pageSize, limit: pageSize }),
    // What was found so far is shown at once, and the rest is looked for.
    refetchInterval: ({ state }: { readonly state: { readonly data?: RunPage | undefined } }) =>
      state.data?.isWhole === false ? 1 : false,
  } as const;
}

/** Nothing of it is under way; it may be one that can be gone on with. */
export const isOver = (run: RunState): boolean => !isRunLive(run);

/** The version that a run was made with, whatever is in use meanwhile; null where it is not installed any more. */
export function useRunModel(run: RunState | undefined): ModelSummary | null {
  const models = useModels().data;
  return models?.find(({ id, version }) => id === run?.model && version === run?.version) ?? null;
}

/** Score below which the first label of this run's answers counts as unsure. */
export const useUnsureBelow = (run: string): number => unsureBelowOf(useRunModel(useRun(run).data));

/** Whether the model of a run finds things, so that photos may be empty. */
export function useFindsThings(run: RunState | undefined): boolean {
  const model = useRunModel(run);
  return model !== null && findsThings(model.task);
}
