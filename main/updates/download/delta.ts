import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Executor } from '../http-get.ts';
import { fetchMap, mapOfBasis } from './maps.ts';
import type { DeltaQuestion, MoverParts } from './types.ts';
import { deltaPlan, fetchedBytes } from './plan.ts';
import type { Plan } from './plan.ts';
import { getBytes } from './get-bytes.ts';

/** Largest blockmap that is downloaded just to show the size of a delta. */
const cheapMapBytes = 1024 ** 2;
/** Network faults that a full download would meet as well. */
const ends = new Set(['cancelled', 'download-stalled', 'download-dropped', 'download-redirected']);

/**
 * Null when the full file should be downloaded: no base, no blockmap, a server without range requests, or too little
 * saved.
 */
export async function planDelta(
  parts: Required<MoverParts>,
  question: DeltaQuestion,
  onWire: (bytes: number) => void,
): Promise<Outcome<Plan | null>> {
  const { target, basis, blockmap, feed, signal } = question;
  const { place } = target;
  if (!basis || !blockmap || place.kind !== 'url') return ok(null);
  const ask = { executor: parts.httpExecutor as Executor, feed, stallMs: parts.stallMs, signal };
  const given = (outcome: Outcome<unknown>): Outcome<null> => {
    if (outcome.ok) return ok(null);
    if (ends.has(outcome.fault.code)) return outcome;
    parts.log('warn', `no delta of ${target.name}: ${outcome.fault.message}`);
    return ok(null);
  };
  // Without range support, a server would send the whole file for every range.
  const probed = await getBytes({
    ...ask,
    url: place.url,
    file: target.name,
    size: target.size,
    range: { start: 0, end: 1 },
    take: async () => ok(undefined),
  });
  if (!probed.ok || probed.value === 'no-range') return given(probed);
  onWire(1);
  const to = await fetchMap(blockmap, ask);
  if (!to.ok) return given(to);
  onWire(blockmap.size);
  const oldMap = question.oldBlockmap ? await fetchMap(question.oldBlockmap, ask) : null;
  if (oldMap && !oldMap.ok && ends.has(oldMap.fault.code)) return oldMap;
  if (oldMap?.ok) onWire(question.oldBlockmap?.size ?? 0);
  const from = await mapOfBasis(basis, { fromFeed: oldMap?.ok ? oldMap.value : null, signal });
  if (signal.aborted) return failed('cancelled');
  return ok(from && deltaPlan(from, to.value, target.size));
}

/** Bytes of blockmaps and ranges together; computed from blockmaps only when the feed has both. */
export async function deltaSizeOf(
  parts: Required<MoverParts>,
  { target, basis, blockmap, oldBlockmap, feed, signal }: DeltaQuestion,
): Promise<Outcome<number | null>> {
  if (!blockmap || target.place.kind !== 'url' || !(oldBlockmap || basis)) return ok(null);
  if (blockmap.size + (oldBlockmap?.size ?? 0) > cheapMapBytes) return ok(null);
  const ask = { executor: parts.httpExecutor as Executor, feed, stallMs: parts.stallMs, signal };
  const to = await fetchMap(blockmap, ask);
  if (!to.ok) return to;
  const old = oldBlockmap ? await fetchMap(oldBlockmap, ask) : null;
  if (old && !old.ok) return old;
  const from = basis
    ? await mapOfBasis(basis, { fromFeed: old?.value ?? null, signal })
    : (old?.value ?? null);
  const plan = from && deltaPlan(from, to.value, target.size);
  return ok(plan && fetchedBytes(plan) + blockmap.size + (oldBlockmap?.size ?? 0));
}
