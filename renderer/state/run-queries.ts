import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { isRunLive } from '../../contract/run.ts';
import type { RunPage, RunPageQuery, RunRow, RunState } from '../../contract/run.ts';
import { findsThings } from '../../contract/tasks/index.ts';
import { valueOf } from './client.ts';
import { useModels } from './queries.ts';

export const pageSize = 100;
export type RunList = {
  readonly run: string;
  readonly show: RunPageQuery['show'];
  readonly label?: string | null;
  readonly unsureBelow: number;
  readonly search: string;
};

export const useRun = (run: string | null) =>
  useQuery({
    queryKey: ['run', run, 'state'],
    queryFn: () => valueOf('runs.get', { run: run ?? '' }),
    enabled: run !== null,
  });
/** Every run that is stored, newest first. Those of the command line change without a hint, so it is asked again. */
export const useRuns = () =>
  useQuery({ queryKey: ['runs'], queryFn: () => valueOf('runs.list', undefined), refetchInterval: 5_000 });
/** The run that the person should know of: the one that is shown, else the newest that is under way. */
export function useRunInSight(shown: string | null): RunState | null {
  const runs = useRuns().data;
  const state = useRun(shown).data;
  return state && isRunLive(state) ? state : (runs?.find(isRunLive) ?? null);
}
export const useRunSummary = (run: string) =>
  useQuery({ queryKey: ['run', run, 'summary'], queryFn: () => valueOf('runs.summary', { run }) });
export const useRunItem = (run: string, seq: number | null) =>
  useQuery({
    queryKey: ['run-item', run, seq],
    queryFn: () => valueOf('runs.item', { run, seq: seq ?? 0 }),
    enabled: seq !== null,
    placeholderData: keepPreviousData,
  });

/** Faults by name, the first hundred of them. */
export const useRunFaults = (run: string) =>
  useQuery(pageQuery({ run, show: 'faults', unsureBelow: 0, search: '' }, 0));

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

function pageQuery(list: RunList, index: number) {
  const { label = null, ...rest } = list;
  return {
    queryKey: ['run', list.run, 'page', list.show, list.unsureBelow, list.search, label, index] as const,
    queryFn: () =>
      valueOf('runs.page', {
        ...rest,
        ...(label !== null && { label }),
        offset: index * pageSize,
        limit: pageSize,
      }),
  };
}

/** Nothing of it is under way; it may be one that can be gone on with. */
export const isOver = (run: RunState): boolean => !isRunLive(run);

/** Whether the model of a run finds things, so that photos may be empty. */
export function useFindsThings(run: RunState | undefined): boolean {
  const models = useModels().data;
  const model = models?.find(({ id, version }) => id === run?.model && version === run?.version);
  return model !== undefined && findsThings(model.task);
}
