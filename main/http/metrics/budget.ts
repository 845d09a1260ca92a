import type { ByteBudget } from '../server/index.ts';
import { counter, gauge } from './family.ts';
import type { Family } from './family.ts';

export type BudgetFigures = Pick<ByteBudget, 'heldBytes' | 'limitBytes' | 'refused'>;

/** How much of the memory for requests and answers is in use. */
export function budgetFamilies({ heldBytes, limitBytes, refused }: BudgetFigures): readonly Family[] {
  return [
    gauge('outpost_request_memory_bytes', 'Held by requests and answers that are under way.', heldBytes),
    gauge('outpost_request_memory_limit_bytes', 'Beyond this, requests get 503 at once.', limitBytes),
    counter('outpost_request_memory_refused_total', 'Requests and answers that did not fit.', [
      { labels: {}, value: refused },
    ]),
  ];
}
