import type { AccessEntry, ServingContext } from '../server/context.ts';
import type { Tracing } from '../trace/tracing.ts';
import type { Gate } from './gate.ts';
import type { StatisticsBook } from '../oip/statistics.ts';

/** What the services of one server share. */
export type ServiceParts = {
  readonly context: ServingContext;
  readonly gate: Gate;
  readonly statistics: StatisticsBook;
  readonly tracing: Tracing | null;
  readonly onAccess: (entry: AccessEntry) => void;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
};
