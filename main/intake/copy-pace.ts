import type { CopyProgress } from '../../contract/runs/camera-card.ts';
import type { IntakeEvent } from './types.ts';

/** Rates are averaged over this window: card readers and busy disks deliver in bursts. */
const windowMs = 8_000;
const stepMs = 250;

type Looked = Extract<IntakeEvent, { kind: 'looked' }>;

/**
 * Progress and rate of a copy, derived from its events. A card is read through again after it was pulled, and to look for
 * added files; progress is monotonic, so a second pass never lowers it.
 */
export function createCopyPace(now: () => number = () => performance.now()) {
  const marks: { at: number; bytes: number }[] = [];
  const flawed = new Set<string>();
  let [files, bytes, done, doneBytes, readBytes, current] = [0, 0, 0, 0, 0, 0];

  const mark = (): void => {
    const at = now();
    if (at - (marks.at(-1)?.at ?? -stepMs) < stepMs) return;
    marks.push({ at, bytes: readBytes });
    while (marks.length > 2 && at - marks[0]!.at > windowMs) marks.shift();
  };
  const progress = (): CopyProgress => {
    const [oldest, newest] = [marks[0], marks.at(-1)];
    const overMs = oldest && newest ? newest.at - oldest.at : 0;
    const bytesPerS = overMs < stepMs ? 0 : ((newest!.bytes - oldest!.bytes) / overMs) * 1000;
    const sumBytes = Math.min(bytes, doneBytes + current);
    const left = bytes - sumBytes;
    const leftMs = left === 0 ? 0 : bytesPerS === 0 ? null : Math.round((left / bytesPerS) * 1000);
    return { files, bytes, done, doneBytes: sumBytes, bytesPerS, leftMs, flawed: flawed.size };
  };
  return {
    begin: (looked: Looked): CopyProgress => {
      [files, bytes] = [looked.files, looked.bytes];
      mark();
      return progress();
    },
    read: (piece: number): CopyProgress => {
      readBytes += piece;
      current += piece;
      mark();
      return progress();
    },
    /** The totals grow when files came onto the card after it was counted. */
    passed: (to: { readonly files: number; readonly bytes: number }): CopyProgress => {
      [done, doneBytes] = [Math.max(done, to.files), Math.max(doneBytes, to.bytes)];
      [files, bytes] = [Math.max(files, done), Math.max(bytes, doneBytes)];
      current = 0;
      return progress();
    },
    copied: (file: string, flaw: string | null): CopyProgress => {
      if (flaw !== null) flawed.add(file);
      return progress();
    },
    /** Forgets the samples: the time while the card was pulled must not count as a low rate. */
    pause: (): void => void (marks.length = 0),
  };
}
