import { call } from './call.ts';
import { MonitorQuery, MonitorSeries } from '../serving/monitor.ts';

/** Calls of the Monitor page. */
export const monitorCalls = {
  'monitor.series': call({ in: MonitorQuery, out: MonitorSeries, clients: ['window'] }),
} as const;
