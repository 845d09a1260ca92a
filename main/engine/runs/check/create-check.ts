import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ok } from '../../../../contract/faults/faults.ts';
import type { Outcome } from '../../../../contract/faults/faults.ts';
import type { Power } from '../../../lib/power.ts';
import { hashFile } from '../../files/index.ts';
import type { CheckRequest, RunChecking } from '../../checking.ts';
import type { Plan, PlanRequest } from '../../plan.ts';
import { storeParts } from '../../prediction/index.ts';
import { bytesPerResult, resultKey } from '../../../store/index.ts';
import type { Store } from '../../../store/index.ts';
import type { ItemOutcome, ItemsQuery } from '../predict-items.ts';
import { startChecking } from './run-checking.ts';
import type { KnownFile } from './run-checking.ts';
import type { Timing } from './estimate.ts';

type CheckParts = {
  readonly store: Store;
  readonly plan: (request: PlanRequest) => Promise<Outcome<Plan>>;
  readonly items: (
    query: ItemsQuery<NamedFile>,
    hooks: { readonly signal?: AbortSignal },
  ) => AsyncGenerator<ItemOutcome<NamedFile>>;
  readonly power: () => Promise<Power>;
};
type NamedFile = { readonly path: string; readonly fault: null };

/** What a run would be, before it is started; fails where no model could answer it. */
export function createCheck(parts: CheckParts) {
  const { store } = parts;
  return async ({ inputs, ...asked }: CheckRequest): Promise<Outcome<RunChecking>> => {
    const plan = await parts.plan(asked);
    if (!plan.ok) return plan;
    const way = storeParts(plan.value);
    const known = async (file: Parameters<Store['lookup']>[0]): Promise<KnownFile> => {
      const found = await store.lookup(file, way);
      if (found.digest !== null || !found.sizeKnown)
        return { digest: found.digest, isAnswered: found.record !== null };
      // Content-addressed lookup: the same bytes may be stored under another path.
      const digest = await hashFile(file.path);
      const record = digest === null ? null : await store.record(resultKey({ input: digest, ...way }));
      return { digest, isAnswered: record !== null };
    };
    return ok(
      startChecking({
        inputs,
        known,
        hashFile,
        time: (paths, signal) => timeSample(parts, { asked, paths, signal }),
        power: parts.power,
        disk: () => diskOf(store),
      }),
    );
  };
}

type SampleQuery = {
  readonly asked: PlanRequest;
  readonly paths: readonly string[];
  readonly signal: AbortSignal;
};

/** Answers the sample as a run would, once the model is loaded; what is answered here the run takes from the cache. */
async function timeSample(
  { items }: CheckParts,
  { asked, paths, signal }: SampleQuery,
): Promise<Timing | null> {
  const files = paths.map((path): NamedFile => ({ path, fault: null }));
  const [first, ...others] = files;
  if (!first) return null;
  const request = { ...asked } as ItemsQuery<NamedFile>['request'];
  const answer = async (some: readonly NamedFile[]): Promise<number[]> => {
    const durationsMs: number[] = [];
    for await (const { outcome } of items({ request, found: streamOf(some) }, { signal }))
      if (outcome.ok) durationsMs.push(outcome.value.record.durationMs);
    return durationsMs;
  };
  // Exclude the load time from the estimate.
  const alone = performance.now();
  const firstMs = await answer([first]);
  const begun = performance.now();
  const durationsMs = await answer(others);
  if (durationsMs.length > 0) return { elapsedMs: performance.now() - begun, durationsMs };
  return firstMs.length > 0 ? { elapsedMs: performance.now() - alone, durationsMs: firstMs } : null;
}

async function* streamOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function diskOf(store: Store): Promise<{ perResult: number; freeBytes: number } | null> {
  try {
    const [stats, disk] = await Promise.all([store.cacheStats(), statfs(dirname(store.state().file))]);
    return { perResult: bytesPerResult(stats), freeBytes: disk.bavail * disk.bsize };
  } catch {
    return null;
  }
}
