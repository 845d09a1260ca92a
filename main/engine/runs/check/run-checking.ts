import type { Fault, Outcome } from '../../../../contract/faults/faults.ts';
import type { LeftOutReason } from '../../../../contract/runs/run.ts';
import type { RunCheck } from '../../../../contract/runs/run-check.ts';
import type { Power } from '../../../lib/power.ts';
import { lookAtFile, walk } from '../../files/index.ts';
import type { Found, SeenPicture } from '../../files/index.ts';
import type { RunChecking } from '../../checking.ts';
import { estimateBattery, estimateKnown, estimateTime, rateOf } from './estimate.ts';
import type { Timing } from './estimate.ts';
import { createSample } from './sample.ts';
import { createTwins } from './twins.ts';
import type { HashFile } from './twins.ts';

/** What is known of a file without answering it. */
export type KnownFile = { readonly digest: string | null; readonly isAnswered: boolean };
type CheckingParts = {
  readonly inputs: AsyncIterable<string> | Iterable<string>;
  /** Whether this version has answered this file before, with these settings. */
  readonly known: (file: SeenPicture['file']) => Promise<KnownFile>;
  readonly hashFile: HashFile;
  /** Answers these files, and gives the time that it took; null where none could be answered. */
  readonly time: (paths: readonly string[], signal: AbortSignal) => Promise<Timing | null>;
  readonly power: () => Promise<Power>;
  /** Bytes of the store that an answer takes, and bytes that are free there. */
  readonly disk: () => Promise<{ readonly perResult: number; readonly freeBytes: number } | null>;
};
/** Files read concurrently: a card reader serves several requests in the time of one. */
const atOnce = 16;

/** Scans the inputs; progress can be read at any time, before the scan ends. */
export function startChecking(parts: CheckingParts): RunChecking {
  const abort = new AbortController();
  const { signal } = abort;
  const leftOut = { other: 0, hidden: 0, system: 0 };
  const counts = { found: 0, unreadable: 0, reused: 0, twice: 0 };
  /** Photos that the model has to look at: each content once. */
  let missing = 0;
  const kinds = new Map<string, number>();
  const reasons = new Map<string, { count: number; readonly example: Fault }>();
  const sample = createSample<string>();
  const twins = createTwins(parts.hashFile);
  let scanned = false;
  /** In which all that was found so far was looked at. */
  let lookedMs = 0;
  let isOver = false;
  let timing: Timing | null = null;
  let power: Power = { kind: 'unknown' };
  let disk: Awaited<ReturnType<CheckingParts['disk']>> = null;
  let measuring: Promise<void> | null = null;

  const measure = (): void => {
    measuring ??= (async () => {
      timing = sample.items().length === 0 ? null : await parts.time(sample.items(), signal);
      // Read the power draw right after the measurement, under load.
      power = await parts.power();
    })();
  };
  const note = async ({ fault }: Found, seen: Outcome<SeenPicture> | null, known: KnownFile | null) => {
    counts.found += 1;
    const why = fault ?? (seen && !seen.ok ? seen.fault : null);
    if (why || !seen?.ok || !known) {
      counts.unreadable += 1;
      if (!why) return;
      const before = reasons.get(why.code);
      reasons.set(why.code, { count: (before?.count ?? 0) + 1, example: before?.example ?? why });
      return;
    }
    const { file, format } = seen.value;
    kinds.set(format, (kinds.get(format) ?? 0) + 1);
    const isTwin = await twins.isTwin(file, known.digest);
    if (isTwin) counts.twice += 1;
    if (known.isAnswered) counts.reused += 1;
    // Duplicates are answered once.
    if (known.isAnswered || isTwin) return;
    missing += 1;
    if (!measuring) sample.offer(file.path);
    if (sample.isEnough()) measure();
  };
  const lookAt = async (found: Found) => {
    const seen = found.fault ? null : await lookAtFile(found.path);
    return { found, seen, known: seen?.ok ? await parts.known(seen.value.file) : null };
  };
  const look = async (): Promise<void> => {
    const onLeftOut = (reason: LeftOutReason): void => void (leftOut[reason] += 1);
    let together: Found[] = [];
    const noteAll = async (): Promise<void> => {
      const all = await Promise.all(together.map(lookAt));
      together = [];
      for (const { found, seen, known } of all) await note(found, seen, known);
    };
    disk = await parts.disk();
    const begun = performance.now();
    for await (const found of walk(parts.inputs, { onLeftOut })) {
      if (signal.aborted) return;
      together.push(found);
      // Small groups first, for immediate feedback.
      if (together.length >= Math.min(atOnce, counts.found + 1)) await noteAll();
      lookedMs = performance.now() - begun;
    }
    await noteAll();
    lookedMs = performance.now() - begun;
    scanned = true;
    measure();
    await measuring;
  };
  const settled = look().finally(() => (isOver = true));
  settled.catch(() => undefined);

  const timeOf = (): RunCheck['timeMs'] => {
    const anew = missing <= 0 && scanned ? { from: 0, to: 0 } : timing && estimateTime(missing, timing);
    const { found, unreadable } = counts;
    const known = estimateKnown(found - unreadable - missing, lookedMs / Math.max(1, found));
    return anew && { from: anew.from + known.from, to: anew.to + known.to };
  };
  return {
    settled,
    stop: () => abort.abort(),
    report: () => {
      const timeMs = timeOf();
      return {
        ...counts,
        scanned,
        isOver,
        leftOut: { ...leftOut },
        kinds: [...kinds].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count),
        reasons: [...reasons]
          .map(([code, reason]) => ({ code, ...reason }))
          .sort((a, b) => b.count - a.count),
        timing: timing && { sample: timing.durationsMs.length, rate: rateOf(timing) },
        timeMs,
        battery: estimateBattery(power, timeMs),
        disk: disk && { neededBytes: Math.round(disk.perResult * missing), freeBytes: disk.freeBytes },
      };
    },
  };
}
