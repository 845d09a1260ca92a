import type { PictureData } from './preprocess.ts';

/** Three inputs of a detector, or a photo's 600 KB for 27. Of larger ones a single array is kept. */
const maxFreeBytes = 16 * 1024 ** 2;

/**
 * Arrays of one model's picture tensors that are used again. Allocated anew, the 600 KB of each photo (5 MB for a detector's)
 * count as growth of V8's heap, which is then marked whole for every seventeenth photo: a tenth of a server's processor time.
 */
export type InputMemory = {
  /** An array of so many values that held others before, or null. */
  take(length: number): PictureData | null;
  /** Takes back what nothing reads any more: once, when the run that read it has ended. */
  give(data: PictureData): void;
};

export function inputMemory(): InputMemory {
  const free: PictureData[] = [];
  return {
    take: (length) => {
      const at = free.findLastIndex((data) => data.length === length);
      return free.splice(at, at === -1 ? 0 : 1)[0] ?? null;
    },
    give: (data) => {
      free.push(data);
      while (free.length > 1 && free.reduce((sum, { byteLength }) => sum + byteLength, 0) > maxFreeBytes)
        free.shift();
    },
  };
}
