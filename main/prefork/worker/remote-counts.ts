import type { ServedVersion } from '../../../contract/serving/serving.ts';
import type { CountsElsewhere } from '../../http/index.ts';
import type { CountedAccess } from '../columns.ts';
import type { AskArbiter, Statistics } from '../messages.ts';

type RemoteCountsParts = {
  readonly ask: (question: AskArbiter) => Promise<unknown>;
  readonly onAccess: (entry: CountedAccess) => void;
};

/** Metrics and statistics over all workers, aggregated by the arbiter. */
export function remoteCounts({ ask, onAccess }: RemoteCountsParts): CountsElsewhere {
  let statistics: Statistics = {};
  return {
    metrics: {
      countHttp: onAccess,
      text: async (caller) =>
        (await ask({ kind: 'metrics', caller })) as { readonly type: string; readonly text: string },
      close: () => undefined,
    },
    statistics: {
      refresh: async () => void (statistics = (await ask({ kind: 'statistics' })) as Statistics),
      of: ({ ref }: ServedVersion) => statistics[ref] ?? {},
      close: () => undefined,
    },
  };
}
