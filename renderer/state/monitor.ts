import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { MonitorQuery, MonitorRange } from '../../contract/serving/monitor.ts';
import type { ClientName } from '../../contract/serving/serving.ts';
import { cell, useCell } from './cell.ts';
import { valueOf } from './client.ts';

// Copied lists: importing the contract's would bring the whole schema library into the page.
export const monitorRanges: readonly MonitorRange[] = ['1h', '24h', '7d', '13w'];
export const monitorClients: readonly ClientName[] = ['window', 'cli', 'http', 'grpc', 'queue'];

/** Filter of Monitor; null means all. */
export type Shown = {
  readonly range: MonitorRange;
  /** False for the initial filter, true for the user's. */
  readonly isChosen: boolean;
  readonly model: string | null;
  readonly client: ClientName | null;
};
export const shown = cell<Shown>({ range: '24h', isChosen: false, model: null, client: null });

const everyMs = 5_000;

/** Polled every five seconds while visible; not while the window is hidden or another place is shown. */
export function useMonitor() {
  const { range, model, client } = useCell(shown);
  const query: MonitorQuery = {
    range,
    ...(model !== null && { model }),
    ...(client !== null && { client }),
  };
  return useQuery({
    queryKey: ['monitor', query],
    queryFn: () => valueOf('monitor.series', query),
    refetchInterval: everyMs,
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: 'always',
    refetchOnMount: 'always',
    // Old series are not worth their memory.
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });
}
