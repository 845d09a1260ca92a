import { purgePortion, shrinkPortion, sweepPortion, totalBytes } from './cache.ts';
import type { Writable } from './database.ts';
import type { PurgeQuery } from './door.ts';
import { storedCapBytes } from './preferences.ts';

const purgeSize = 2_000;

export type Housekeeping = { sweepLater(): void; purge(query: PurgeQuery): number; stop(): void };
export type House = {
  readonly db: () => Writable;
  readonly defaultCapBytes: number;
  /** Does the work, or takes note of why the disk refused it and gives back `false`. */
  readonly attempt: (work: () => boolean) => boolean;
};

/** Keeps answers under their cap, in small portions between other work. */
export function keepHouse(house: House): Housekeeping {
  let isUnderWay = false;
  let isStopped = false;
  const cap = (): number => storedCapBytes(house.db()) ?? house.defaultCapBytes;

  function sweepStep(): boolean {
    // Down to 95 %, so that not every new answer sweeps.
    const excess = totalBytes(house.db()) - cap() * 0.95;
    return (excess > 0 && sweepPortion(house.db(), excess) > 0) || shrinkPortion(house.db());
  }

  function goOn(step: () => boolean): void {
    isUnderWay = true;
    setImmediate(() => {
      isUnderWay = false;
      if (!isStopped && house.attempt(step)) goOn(step);
    });
  }

  return {
    sweepLater() {
      if (!isUnderWay && totalBytes(house.db()) > cap()) goOn(sweepStep);
    },
    purge(query) {
      let removed = 0;
      for (let portion = -1; portion !== 0; ) {
        portion = purgePortion(house.db(), query, purgeSize);
        removed += portion;
      }
      if (removed > 0 && !isUnderWay) goOn(() => shrinkPortion(house.db()));
      return removed;
    },
    stop() {
      isStopped = true;
    },
  };
}
