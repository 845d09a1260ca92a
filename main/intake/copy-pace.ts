import type { CopyProgress } from '../../contract/camera-card.ts';
import type { IntakeEvent } from './types.ts';

/** A card reader is slow and a disk now and then busy: over less than this a rate flickers. */
const windowMs = 8_000;
const stepMs = 250;

type Looked = Extract<IntakeEvent, { kind: 'looked' }>;

/**
 * How far a copy is, from what happens to it. A card is gone through again after it was away, and to see whether anything was
 * added: nothing of the progress is taken back then.
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
    /** More may be on the card by now than when it was looked through. */
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
    /** While the card was away nothing was read, which says nothing of its reader. */
    pause: (): void => void (marks.length = 0),
  };
}
