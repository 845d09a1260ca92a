import type { AccessEntry, ServingContext } from '../server/index.ts';
import type { Tracing } from '../trace/index.ts';
import type { Gate } from './gate.ts';
import type { StatisticsBook } from '../oip/index.ts';

/** What the services of one server share. */
export type ServiceParts = {
  readonly context: ServingContext;
  readonly gate: Gate;
  readonly statistics: StatisticsBook;
  readonly tracing: Tracing | null;
  readonly onAccess: (entry: AccessEntry) => void;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
};
