import { randomBytes } from 'node:crypto';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { nothing } from '../../../contract/runs/found.ts';
import type { GoldenResult } from '../../../contract/packs/model.ts';
import type { PredictionRecord } from '../../../contract/runs/prediction.ts';
import type { LabelScore } from '../../../contract/packs/labels.ts';
import { itemTaskOf } from '../../../contract/tasks/index.ts';
import type { Result } from '../../../contract/tasks/index.ts';
import type { TrialProgress, TrialReport, TrialRow, Verdict } from '../../../contract/lifecycle/trial.ts';
import { mapConcurrently } from '../../lib/concurrency.ts';
import type { Store, StoredTrialItem } from '../../store/index.ts';
import type { PredictRequest } from '../../engine/index.ts';
import type { CompareRequest } from '../types.ts';
import { givenItems, ownItems } from './items.ts';
import type { Item, Items } from './items.ts';
import { median } from '../median.ts';

export type ComparisonParts = {
  readonly store: Store;
  readonly predict: (
    request: PredictRequest,
    options: { signal: AbortSignal },
  ) => Promise<Outcome<PredictionRecord>>;
  readonly labelCount: (ref: string) => Promise<number>;
  readonly golden: (ref: string) => Promise<GoldenResult | null>;
  /** Resident bytes of the workers that hold this version; null when none does. */
  readonly memory: (ref: string) => Promise<number | null>;
};
type ComparisonOptions = {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrialProgress) => void;
};
type Versions = Pick<CompareRequest, 'model' | 'from' | 'to'>;
/** Items in progress at a time: enough to use every core, few enough to stop soon. */
const window = 4;
/** Items that are answered again to measure latency. */
const timedItems = 9;

/** Runs two versions over the same items; stored answers are reused, new ones are stored. */
export function createComparison(parts: ComparisonParts) {
  const run = async (
    versions: Versions,
    items: Items,
    options: ComparisonOptions,
  ): Promise<Outcome<TrialReport>> => {
    const { model, from, to } = versions;
    const compared: StoredTrialItem[] = [];
    let missing = items.missing;
    let done = 0;
    const total = items.items.length;
    options.onProgress({ model, version: to, phase: 'shadow', done, total });
    const atOnce = { limit: window, signal: options.signal };
    await mapConcurrently(items.items, atOnce, async (item, { index: seq, signal }) => {
      const one = await compareItem(parts, versions, { seq, item, signal });
      if (one) compared.push(one);
      else missing += 1;
      done += 1;
      options.onProgress({ model, version: to, phase: 'shadow', done, total });
    });
    if (options.signal.aborted) return failed('cancelled');
    const times = await timeBoth(parts, versions, { items: compared, signal: options.signal });
    if (options.signal.aborted) return failed('cancelled');
    compared.sort((one, other) => one.seq - other.seq);
    const side = async (version: string, which: 'from' | 'to'): Promise<TrialReport['sides']['from']> => {
      const golden = await parts.golden(`${model}@${version}`);
      return {
        golden: golden && { passed: golden.passed, total: golden.total },
        medianMs: median(times[which]),
        memoryBytes: await parts.memory(`${model}@${version}`),
      };
    };
    const rows = rowsOf(compared);
    const report: TrialReport = {
      id: `t${randomBytes(8).readBigUInt64LE().toString(36)}`,
      model,
      from,
      to,
      basis: items.basis,
      at: new Date().toISOString(),
      sums: sumsOf(compared),
      rows,
      labelsWithout: Math.max(0, (await parts.labelCount(`${model}@${to}`)) - labelsIn(rows)),
      missing,
      sides: { from: await side(from, 'from'), to: await side(to, 'to') },
    };
    await parts.store.saveTrial(
      report,
      compared.map((item, seq) => ({ ...item, seq })),
    );
    return ok(report);
  };
  return {
    shadow: async (
      { items, ...versions }: Versions & { readonly items: number },
      options: ComparisonOptions,
    ) => run(versions, await ownItems(parts.store, versions.model, items), options),
    compare: async ({ inputs, ...versions }: CompareRequest, options: ComparisonOptions) =>
      run(versions, await givenItems(inputs), options),
  };
}

/** Null when neither version could answer the item: then it says nothing about either. */
async function compareItem(
  { predict }: ComparisonParts,
  { model, from, to }: Versions,
  { seq, item, signal }: { readonly seq: number; readonly item: Item; readonly signal: AbortSignal },
): Promise<StoredTrialItem | null> {
  const ask = (version: string): Promise<Outcome<PredictionRecord>> =>
    predict(
      { source: { path: item.path }, name: item.path, model: `${model}@${version}`, priority: 'batch' },
      { signal },
    );
  const [old, now] = [await ask(from), await ask(to)];
  if (!old.ok && !now.ok) return null;
  const [before, after] = [firstOf(old), firstOf(now)];
  const label = item.truth ?? (before ? { id: before.id, name: before.label } : nothing);
  return {
    seq,
    path: item.path,
    name: item.name,
    labelId: label.id,
    label: label.name,
    verdict: verdictOf(item.truth?.id ?? null, headlineId(old), headlineId(now)),
    from: before,
    to: after,
  };
}

/**
 * Answers a few items again, alternately and one at a time: stored latencies were measured at other times and under
 * other load.
 */
async function timeBoth(
  { predict }: ComparisonParts,
  { model, from, to }: Versions,
  { items, signal }: { readonly items: readonly StoredTrialItem[]; readonly signal: AbortSignal },
): Promise<{ readonly from: readonly number[]; readonly to: readonly number[] }> {
  const times = { from: [] as number[], to: [] as number[] };
  for (const { path } of items.slice(0, timedItems))
    for (const side of ['from', 'to'] as const) {
      if (signal.aborted) return times;
      const wanted = `${model}@${side === 'from' ? from : to}`;
      const request = {
        source: { path },
        name: path,
        model: wanted,
        useCache: false,
        // The same priority as before: the workers of both versions are loaded, and neither is evicted for the other.
        priority: 'batch',
      } as const;
      const outcome = await predict(request, { signal });
      if (outcome.ok) times[side].push(outcome.value.decodeMs + outcome.value.runMs);
    }
  // The first measurement of each includes warm-up.
  return items.length > 1 ? { from: times.from.slice(1), to: times.to.slice(1) } : times;
}

/**
 * Verdict from the label ids of the confirmation and of both versions' first predictions; null is a version without an
 * answer, the empty id one that found nothing.
 */
export function verdictOf(truth: string | null, before: string | null, after: string | null): Verdict {
  if (truth === null) return before === after ? 'agree' : 'differ';
  const [wasRight, isRight] = [before === truth, after === truth];
  if (wasRight === isRight) return isRight ? 'right' : 'wrong';
  return isRight ? 'better' : 'worse';
}

/** A label that was confirmed on some items and only predicted on others gets two rows. */
function rowsOf(compared: readonly StoredTrialItem[]): TrialRow[] {
  const isConfirmed = ({ verdict }: StoredTrialItem): boolean => verdict !== 'agree' && verdict !== 'differ';
  return [compared.filter(isConfirmed), compared.filter((item) => !isConfirmed(item))].flatMap((part) => {
    const byLabel = new Map<string, StoredTrialItem[]>();
    for (const item of part) byLabel.set(item.labelId, [...(byLabel.get(item.labelId) ?? []), item]);
    return [...byLabel]
      .map(([labelId, items]) => ({ labelId, label: items[0]?.label ?? '', ...sumsOf(items) }))
      .sort((one, other) => other.items - one.items || one.label.localeCompare(other.label));
  });
}

function sumsOf(items: readonly Pick<StoredTrialItem, 'verdict'>[]): TrialReport['sums'] {
  const count = (wanted: Verdict): number => items.filter(({ verdict }) => verdict === wanted).length;
  return {
    items: items.length,
    right: count('right'),
    better: count('better'),
    worse: count('worse'),
    wrong: count('wrong'),
    agree: count('agree'),
    differ: count('differ'),
  };
}

const labelsIn = (rows: readonly TrialRow[]): number =>
  new Set(rows.map(({ labelId }) => labelId).filter((id) => id !== nothing.id)).size;
const headlineId = (outcome: Outcome<PredictionRecord>): string | null =>
  outcome.ok ? (firstLabel(outcome.value.result)?.id ?? nothing.id) : null;
const firstOf = (outcome: Outcome<PredictionRecord>): LabelScore | null =>
  outcome.ok ? firstLabel(outcome.value.result) : null;

function firstLabel(result: Result): LabelScore | null {
  const headline = itemTaskOf(result.task).headline(result);
  if (!headline) return null;
  const { index, id, label, score } = headline;
  return { index, id, label, score };
}
