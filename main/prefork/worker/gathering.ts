import type { Observation } from '../../engine/index.ts';
import type { Serving } from '../../serving/index.ts';
import type { GatheredChange } from '../../store/index.ts';
import { packAccess, packServed } from '../columns.ts';
import type { CountedAccess } from '../columns.ts';
import type { Gathered, Room } from '../messages.ts';

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

/**
 * Sends writes to the store and figures to the arbiter, in groups; at once when the worker becomes full or has room again,
 * because the arbiter refuses or hands over connections by it.
 */
export function createGathering({
  send,
  room: roomNow,
}: {
  readonly send: (gathered: Gathered) => void;
  readonly room: () => Room;
}): Gathering {
  const served = packServed();
  const accesses = packAccess();
  let changes: GatheredChange[] = [];
  let observed: Observation[] = [];
  let timer: NodeJS.Timeout | null = null;
  let wasFull = false;

  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    const room = roomNow();
    wasFull = room <= 0;
    send({ kind: 'gathered', changes, observed, served: served.take(), access: accesses.take(), room });
    changes = [];
    observed = [];
  };
  const later = (): void => {
    timer ??= setTimeout(flush, groupMs);
  };
  const ended = (isRefusal: boolean): void => {
    if (wasFull ? roomNow() > 0 : isRefusal) flush();
    else later();
  };
  return {
    change: (change) => {
      changes.push(change);
      later();
    },
    access: (entry) => {
      accesses.add(entry);
      ended(entry.status === 503);
    },
    observed: (observation) => {
      observed.push(observation);
      later();
    },
    follow: (serving) => {
      serving.onServed((one) => {
        served.add(one);
        ended(one.code === 'busy');
      });
    },
    flush,
  };
}
