import { statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Fault } from '../../contract/faults/faults.ts';
import type { VerifyReport } from '../../contract/packs/model.ts';
import type { FeedDates } from '../../contract/lifecycle/update.ts';
import type { Library } from '../packs/index.ts';
import { bytesPerResult } from '../store/index.ts';
import type { Store } from '../store/index.ts';
import { readPower } from '../lib/power.ts';
import type { Power } from '../lib/power.ts';
import type { Departure } from './types.ts';
import type { Engine } from '../engine/index.ts';
import {
  batteryRow,
  clockRow,
  diskRow,
  feedRow,
  goldenRow,
  licenceRow,
  modelsRow,
  providersRow,
  storeRow,
  trialRow,
} from './rows.ts';
import type { GoldenRun } from './rows.ts';
import { reportPage } from './report-page.ts';

type DepartureParts = {
  readonly engine: Engine;
  readonly store: Store;
  readonly library: Library;
  readonly dataFolder: string;
  readonly appVersion: string;
  /** What the last check of a feed said; null when there was none. */
  readonly feed: () => Promise<(FeedDates & { readonly publisher: string }) | null>;
  readonly now?: () => Date;
  readonly power?: () => Promise<Power>;
};

/** Looks at everything that a person will miss when the network is gone. */
export function createDeparture(parts: DepartureParts): Departure {
  const { engine, store, library, appVersion } = parts;
  const now = parts.now ?? (() => new Date());
  return {
    check: async (options = {}) => {
      const begun = performance.now();
      const at = now();
      const models = (await engine.models.list()).filter(
        ({ state }) => state === 'active' || state === 'quarantined',
      );
      const verified: VerifyReport[] = [];
      const golden: GoldenRun[] = [];
      const unread: Fault[] = library.refused().map(({ fault }) => fault);
      for (const { ref, title, version } of models) {
        if (options.signal?.aborted) break;
        const report = await engine.models.verify(ref);
        if (report.ok) verified.push(report.value);
        else unread.push(report.fault);
        golden.push({ ...(await runGolden(engine, ref)), title: `${title} ${version}` });
      }
      const [providers, shapes, stats, history, versions, feed, disk] = await Promise.all([
        engine.doctor.providers(),
        engine.doctor.shapes(),
        store.cacheStats(),
        store.history({ limit: 1 }),
        store.lifecycle(),
        parts.feed(),
        statfs(parts.dataFolder),
      ]);
      const rate = shapes.reduce<number | null>(
        (best, { throughput }) => Math.max(best ?? 0, throughput.rate),
        null,
      );
      const seen = [history[0]?.at, feed?.issuedAt].flatMap((text) =>
        text === undefined ? [] : [new Date(text)],
      );
      const rows = [
        modelsRow(verified, unread),
        goldenRow(golden),
        trialRow(versions.canaries, new Map(models.map(({ id, title }) => [id, title]))),
        providersRow(providers, engine.status().provider),
        diskRow(disk.bavail * disk.bsize, bytesPerResult(stats)),
        storeRow(store.state()),
        licenceRow(models),
        feedRow(feed, at),
        clockRow(at, seen),
        batteryRow(await (parts.power ?? readPower)(), rate),
      ];
      return {
        at: at.toISOString(),
        computer: hostname(),
        appVersion,
        isReady: rows.every(({ state }) => state !== 'stop'),
        rows,
        durationMs: performance.now() - begun,
      };
    },
    reportPage,
  };
}

async function runGolden(engine: Engine, model: string): Promise<Omit<GoldenRun, 'title'>> {
  const result = await engine.models.golden(model);
  if (result.ok) return { model, result: result.value, fault: null };
  // A pack without golden samples is no fault.
  return { model, result: null, fault: result.fault.code === 'nothing-to-do' ? null : result.fault };
}
