import { link, rename, rm } from 'node:fs/promises';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Fetched } from '../types.ts';
import type { Executor } from '../http-get.ts';
import { planDelta } from './delta.ts';
import { differsFrom, openDraft, partialOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { fill } from './fill.ts';
import type { Basis } from './fill.ts';
import type { MoveRequest, MoverParts } from './types.ts';
import { createMeter, createPacer } from './pace.ts';
import { copyPlan, fetchedBytes, restOf, wholePlan } from './plan.ts';
import type { Plan } from './plan.ts';

/*
 *   draft + plan ──> fill ──> whole ──> digests as signed ──> destination
 *                     │                     └── differ: the draft goes; if any of it was not fetched just now, once more in full
 *                     └── server without ranges: once more in full
 */
type Way = { readonly way: Fetched['way']; readonly plan: Plan; readonly basis: Basis | null };
type Counted = { wire: number };

/** Fills the partial file next to the request's target, verifies it and renames it to `destination`. */
export async function moveTo(
  parts: Required<MoverParts>,
  request: MoveRequest,
  destination: string,
): Promise<Outcome<Fetched>> {
  const { target } = request;
  const counted: Counted = { wire: 0 };
  const partial = partialOf(request.to);
  const first = await chooseWay(parts, request, counted);
  if (!first.ok) return first;
  let way = first.value;
  for (;;) {
    const opened = await openDraft(partial, target.size);
    if (!opened.ok) return opened;
    const draft = opened.value;
    const begunAt = draft.length();
    const filled = await fillDraft(parts, request, { draft, way, counted });
    const closed = await draft.close();
    if (!closed.ok) return closed;
    const whole: Way = { way: 'full', plan: wholePlan(target.size), basis: null };
    if (!filled.ok && filled.fault.code === 'source-gone' && way.way === 'delta') {
      // The old pack was deleted meanwhile; the partial file of the new one is still used.
      way = whole;
      continue;
    }
    if (!filled.ok) return filled;
    if (filled.value === 'no-range') {
      parts.log('warn', `${request.feed} does not keep to ranges; ${target.name} is fetched whole`);
      await rm(partial, { force: true });
      way = whole;
      continue;
    }
    if (request.signal.aborted) return failed('cancelled');
    const what = await differsFrom(partial, target);
    if (what === null) {
      // The partial file is kept until the target exists: a kill in between costs no second download.
      await link(partial, destination).catch(() => rename(partial, destination));
      return ok({ transferred: counted.wire, way: way.way });
    }
    await rm(partial, { force: true });
    const isAllFetchedNow = begunAt === 0 && way.way !== 'delta';
    if (isAllFetchedNow) return failed('trust-digest', { file: target.name, what });
    parts.log('warn', `${target.name} does not fit what was here of it; it is fetched whole`);
    if (way.way !== 'copy') way = whole;
  }
}

async function chooseWay(
  parts: Required<MoverParts>,
  request: MoveRequest,
  counted: Counted,
): Promise<Outcome<Way>> {
  const { target } = request;
  const { place } = target;
  if (place.kind === 'file') {
    const basis = { path: place.path, name: target.name };
    return ok({ way: 'copy', plan: copyPlan(place.start, target.size), basis });
  }
  const delta = await planDelta(parts, request, (bytes) => (counted.wire += bytes));
  if (!delta.ok) return delta;
  return delta.value && request.basis
    ? ok({
        way: 'delta',
        plan: delta.value,
        basis: { path: request.basis.file, name: request.basis.version },
      })
    : ok({ way: 'full', plan: wholePlan(target.size), basis: null });
}

async function fillDraft(
  parts: Required<MoverParts>,
  { target, feed, model, version, signal, onProgress }: MoveRequest,
  {
    draft,
    way: { way, plan, basis },
    counted,
  }: { readonly draft: Draft; readonly way: Way; readonly counted: Counted },
) {
  const { bandwidthCapKiBps } = await parts.settings();
  const pace = createPacer(bandwidthCapKiBps, signal);
  const isCopy = way === 'copy';
  const moved = (pieces: Plan): number =>
    isCopy ? pieces.reduce((sum, { length }) => sum + length, 0) : fetchedBytes(pieces);
  const total = moved(plan);
  const done = total - moved(restOf(plan, draft.length()));
  const meter = createMeter({ name: { model, version }, done, total, onProgress });
  const { place } = target;
  const filled = await fill({
    draft,
    plan,
    basis,
    signal,
    ask: {
      executor: parts.httpExecutor as Executor,
      url: place.kind === 'url' ? place.url : new URL('file:///'),
      feed,
      file: target.name,
      size: target.size,
      stallMs: parts.stallMs,
      signal,
    },
    onWire: async ({ byteLength }) => {
      counted.wire += byteLength;
      meter.add(byteLength);
      await pace(byteLength);
    },
    onCopied: async (bytes) => {
      if (isCopy) {
        counted.wire += bytes;
        meter.add(bytes);
      }
    },
  });
  if (filled.ok && filled.value === 'done') meter.end();
  return filled;
}
