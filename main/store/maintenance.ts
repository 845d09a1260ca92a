import { purgePortion, shrinkPortion, sweepPortion, totalBytes } from './cache.ts';
import type { PurgeQuery } from './cache.ts';
import type { Writable } from './database.ts';
import { capBytes } from './preferences.ts';
import { purgeRunsPortion, removeOldRuns } from './runs/purge.ts';

/** Rows per portion: small enough that a prediction asked meanwhile is not held up noticeably. */
const purgeSize = 200;

type Maintenance = {
  sweepLater(): void;
  /** Deletes removed and outdated runs, a portion at a time: now, and once an hour from then on. */
  purgeRuns(): void;
  purge(query: PurgeQuery, done: (removed: number) => void): void;
  stop(): void;
};
type MaintenanceParts = {
  readonly db: () => Writable;
  /** Runs the work; when the disk refuses it, handles the reason and returns `false`. */
  readonly attempt: (work: () => boolean) => boolean;
  /** A store may be open for a season, on a computer that sleeps at night. */
  readonly purgeEveryMs?: number;
};
const hourMs = 3_600_000;

/** Keeps the answers under their size cap by evicting small portions between other work. */
export function maintain({ db, attempt, purgeEveryMs = hourMs }: MaintenanceParts): Maintenance {
  let isUnderWay = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | null = null;
  function sweepStep(): boolean {
    // Evicts down to 95 % of the cap, so that not every new answer starts an eviction.
    const excess = totalBytes(db()) - capBytes(db()) * 0.95;
    return (excess > 0 && sweepPortion(db(), excess) > 0) || shrinkPortion(db());
  }

  function goOn(step: () => boolean): void {
    isUnderWay = true;
    setImmediate(() => {
      isUnderWay = false;
      if (!isStopped && attempt(step)) goOn(step);
    });
  }

  function purgeNow(): void {
    const step = (): void => {
      if (!isStopped && attempt(() => purgeRunsPortion(db()))) setImmediate(step);
    };
    setImmediate(() => {
      if (!isStopped && attempt(() => (removeOldRuns(db()), true))) step();
    });
  }

  return {
    sweepLater() {
      if (!isUnderWay && totalBytes(db()) > capBytes(db())) goOn(sweepStep);
    },
    purgeRuns() {
      timer ??= setInterval(purgeNow, purgeEveryMs).unref();
      purgeNow();
    },
    purge(query, done) {
      let removed = 0;
      const step = (): boolean => {
        const portion = purgePortion(db(), query, purgeSize);
        removed += portion;
        return portion > 0;
      };
      const portionAndOn = (): void => {
        if (!isStopped && attempt(step)) return void setImmediate(portionAndOn);
        done(removed);
        if (removed > 0 && !isUnderWay) goOn(() => shrinkPortion(db()));
      };
      portionAndOn();
    },
    stop() {
      isStopped = true;
      if (timer) clearInterval(timer);
    },
  };
}
