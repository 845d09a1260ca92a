import { viewOf } from '../../contract/tensor-codec.ts';

/** What the first directory of a TIFF says, without decoding it. */
export type TiffFile = {
  /** Whether the directory, or a strip or tile of its picture, lies beyond the file. */
  readonly isCut: boolean;
  /** Name of a compression that builds of libtiff mostly leave out; null for all others. */
  readonly rareCompression: string | null;
};

/** As libtiff names them. */
const rareCompressions: ReadonlyMap<number, string> = new Map([
  [34_661, 'ISO JBIG'],
  [34_712, 'JPEG 2000'],
  [34_887, 'LERC'],
  [34_925, 'LZMA'],
  [50_000, 'ZSTD'],
  [50_001, 'WEBP'],
]);
const tag = { compression: 259, strips: 273, stripBytes: 279, tiles: 324, tileBytes: 325 } as const;
/** Bytes of one value by its field type. */
const widths: ReadonlyMap<number, number> = new Map([
  [3, 2],
  [4, 4],
  [16, 8],
]);
const mostEntries = 512;
const mostParts = 1_000_000;

/** `bytes` begin as a TIFF or a BigTIFF does. */
export function readTiff(bytes: Uint8Array): TiffFile {
  if (bytes.byteLength < 16) return { isCut: true, rareCompression: null };
  const view = viewOf(bytes);
  const isLittle = bytes[0] === 0x49;
  const isBig = view.getUint16(2, isLittle) === 43;
  const wide = (at: number): number =>
    isBig ? Number(view.getBigUint64(at, isLittle)) : view.getUint32(at, isLittle);
  const at = wide(isBig ? 8 : 4);
  const [countBytes, entryBytes, valueBytes] = isBig ? [8, 20, 8] : [2, 12, 4];
  if (at + countBytes > bytes.byteLength) return { isCut: true, rareCompression: null };
  const count = isBig ? wide(at) : view.getUint16(at, isLittle);
  /** The values of an entry; null where they lie beyond the file. */
  const valuesOf = (entry: number): readonly number[] | null => {
    const width = widths.get(view.getUint16(entry + 2, isLittle));
    const length = wide(entry + 4);
    if (width === undefined || length > mostParts) return [];
    const inPlace = entry + 4 + valueBytes;
    const from = length * width <= valueBytes ? inPlace : wide(inPlace);
    if (from + length * width > bytes.byteLength) return null;
    const read = (place: number): number =>
      width === 2
        ? view.getUint16(place, isLittle)
        : width === 4
          ? view.getUint32(place, isLittle)
          : Number(view.getBigUint64(place, isLittle));
    return Array.from({ length }, (_, index) => read(from + index * width));
  };
  const found = new Map<number, readonly number[] | null>();
  for (let index = 0; index < Math.min(count, mostEntries); index += 1) {
    const entry = at + countBytes + entryBytes * index;
    if (entry + entryBytes > bytes.byteLength) return { isCut: true, rareCompression: null };
    const id = view.getUint16(entry, isLittle);
    if (Object.values(tag).some((known) => known === id)) found.set(id, valuesOf(entry));
  }
  const parts = [
    [tag.strips, tag.stripBytes],
    [tag.tiles, tag.tileBytes],
  ] as const;
  const isCut = parts.some(([where, size]) => {
    const [offsets, sizes] = [found.get(where), found.get(size)];
    if (offsets === null || sizes === null) return true;
    return offsets?.some((offset, index) => offset + (sizes?.[index] ?? 0) > bytes.byteLength) ?? false;
  });
  return { isCut, rareCompression: rareCompressions.get(found.get(tag.compression)?.[0] ?? 0) ?? null };
}
