import { viewOf } from '../tensors/tensor-codec.ts';

/** A TIFF or BigTIFF; offsets and counts have `wide` bytes, 4 or 8. */
export type Tiff = {
  readonly view: DataView;
  readonly isLittle: boolean;
  readonly isBig: boolean;
  readonly wide: (at: number) => number;
};
export type TiffEntry = {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Offset of the values, or of the field with their offset. */
  readonly valueAt: number;
};
type TiffDirectory = {
  readonly entries: readonly TiffEntry[];
  /** Offset of the next directory; null when it is beyond the file, 0 when there is none. */
  readonly next: number | null;
  /** Whether the directory is truncated. */
  readonly isCut: boolean;
};

/** A malicious file may claim any number of entries. */
const mostEntries = 512;

/** Null for data too short for a TIFF. */
export function openTiff(bytes: Uint8Array): Tiff | null {
  if (bytes.byteLength < 16) return null;
  const view = viewOf(bytes);
  const isLittle = bytes[0] === 0x49;
  const isBig = view.getUint16(2, isLittle) === 43;
  const wide = (at: number): number =>
    isBig ? Number(view.getBigUint64(at, isLittle)) : view.getUint32(at, isLittle);
  return { view, isLittle, isBig, wide };
}

export const firstDirectory = ({ isBig, wide }: Tiff): number => wide(isBig ? 8 : 4);

export function readDirectory({ view, isLittle, isBig, wide }: Tiff, at: number): TiffDirectory {
  const [countBytes, entryBytes, wideBytes] = isBig ? [8, 20, 8] : [2, 12, 4];
  if (at + countBytes > view.byteLength) return { entries: [], next: null, isCut: true };
  const count = isBig ? wide(at) : view.getUint16(at, isLittle);
  const entries: TiffEntry[] = [];
  const wanted = Math.min(count, mostEntries);
  for (let index = 0; index < wanted; index += 1) {
    const entry = at + countBytes + entryBytes * index;
    if (entry + entryBytes > view.byteLength) break;
    const [tag, type] = [view.getUint16(entry, isLittle), view.getUint16(entry + 2, isLittle)];
    entries.push({ tag, type, count: wide(entry + 4), valueAt: entry + 4 + wideBytes });
  }
  const end = at + countBytes + entryBytes * count;
  const next = end + wideBytes <= view.byteLength ? wide(end) : null;
  return { entries, next, isCut: entries.length < wanted };
}
