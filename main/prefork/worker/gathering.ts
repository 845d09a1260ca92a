import type { Observation } from '../../engine/index.ts';
import type { Serving } from '../../serving/index.ts';
import type { GatheredChange } from '../../store/index.ts';
import { packAccess, packServed } from '../columns.ts';
import type { CountedAccess } from '../columns.ts';
import type { Gathered } from '../messages.ts';

/** A kill loses at most the figures of this time. */
const groupMs = 40;

export type Gathering = {
  change(change: GatheredChange): void;
  access(entry: CountedAccess): void;
  observed(observation: Observation): void;
  /** Subscribes to served requests. */
  follow(serving: Pick<Serving, 'onServed'>): void;
  /** Sends what is gathered so far. */
  flush(): void;
};

/** Sends writes to the store and figures to the arbiter, in groups. */
export function createGathering(send: (gathered: Omit<Gathered, 'isFull'>) => void): Gathering {
  const served = packServed();
  const accesses = packAccess();
  let changes: GatheredChange[] = [];
  let observed: Observation[] = [];
  let timer: NodeJS.Timeout | null = null;

  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    send({ kind: 'gathered', changes, observed, served: served.take(), access: accesses.take() });
    changes = [];
    observed = [];
  };
  const later = (): void => {
    timer ??= setTimeout(flush, groupMs);
  };
  return {
    change: (change) => {
      changes.push(change);
      later();
    },
    access: (entry) => {
      accesses.add(entry);
      later();
    },
    observed: (observation) => {
      observed.push(observation);
      later();
    },
    follow: (serving) => {
      serving.onServed((one) => {
        served.add(one);
        later();
      });
    },
    flush,
  };
}
