import { firstDirectory, openTiff, readDirectory } from '../../contract/pictures/tiff-directory.ts';
import type { Tiff, TiffEntry } from '../../contract/pictures/tiff-directory.ts';

/** What the first directory of a TIFF says, without decoding it. */
type TiffFile = {
  /** Whether the directory, or a strip or tile of its picture, lies beyond the file. */
  readonly isCut: boolean;
  /** Name of a compression that builds of libtiff mostly leave out; null for all others. */
  readonly rareCompression: string | null;
  /** Each strip or tile as a JPEG of its own, where they are JPEGs; one at a time, as each is a copy. */
  readonly jpegs: Iterable<Uint8Array> | null;
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
const tag = {
  compression: 259,
  strips: 273,
  stripBytes: 279,
  tiles: 324,
  tileBytes: 325,
  jpegTables: 347,
} as const;
/** Not the older 6, whose JPEG is taken apart over many tags. */
const jpegCompression = 7;
/** Bytes of one value by its field type. */
const widths: ReadonlyMap<number, number> = new Map([
  [3, 2],
  [4, 4],
  [16, 8],
]);
const mostParts = 1_000_000;

/** `bytes` begin as a TIFF or a BigTIFF does. */
export function readTiff(bytes: Uint8Array): TiffFile {
  const tiff = openTiff(bytes);
  const directory = tiff && readDirectory(tiff, firstDirectory(tiff));
  if (!tiff || directory?.isCut !== false) return { isCut: true, rareCompression: null, jpegs: null };
  const valuesOf = (wanted: number): readonly number[] | null | undefined => {
    const entry = directory.entries.findLast((each) => each.tag === wanted);
    return entry && readValues(tiff, entry);
  };
  const parts = [
    [tag.strips, tag.stripBytes],
    [tag.tiles, tag.tileBytes],
  ] as const;
  const places: Place[] = [];
  const isCut = parts.some(([where, size]) => {
    const [offsets, sizes] = [valuesOf(where), valuesOf(size)];
    if (offsets === null || sizes === null) return true;
    const found = offsets?.map((from, index) => ({ from, size: sizes?.[index] ?? 0 })) ?? [];
    // One by one: as arguments a hundred thousand strips are too many.
    for (const place of found) places.push(place);
    return found.some(({ from, size: bytesThere }) => from + bytesThere > bytes.byteLength);
  });
  const [compression = 0] = valuesOf(tag.compression) ?? [];
  const rareCompression = rareCompressions.get(compression) ?? null;
  if (isCut || compression !== jpegCompression) return { isCut, rareCompression, jpegs: null };
  const tables = directory.entries.findLast((each) => each.tag === tag.jpegTables);
  return { isCut, rareCompression, jpegs: jpegsAt(bytes, places, tables && bytesOf(bytes, tiff, tables)) };
}

type Place = { readonly from: number; readonly size: number };

/** Tables that all of them share stand in a JPEG of their own, without a picture. */
function* jpegsAt(
  bytes: Uint8Array,
  places: readonly Place[],
  tables: Uint8Array = new Uint8Array(),
): Generator<Uint8Array> {
  const isFramed = tables.byteLength > 4 && tables[0] === 0xff && tables[1] === 0xd8;
  const shared = isFramed ? tables.subarray(0, tables.byteLength - 2) : null;
  const seen = new Set<string>();
  for (const { from, size } of places) {
    // Writers of maps have one tile for all of the sea.
    const place = `${from} ${size}`;
    if (size === 0 || seen.has(place)) continue;
    seen.add(place);
    const part = bytes.subarray(from, from + size);
    yield shared ? Buffer.concat([shared, part.subarray(2)]) : part;
  }
}

function bytesOf(bytes: Uint8Array, { isBig, wide }: Tiff, { count, valueAt }: TiffEntry): Uint8Array {
  const from = count <= (isBig ? 8 : 4) ? valueAt : wide(valueAt);
  return bytes.subarray(from, from + count);
}

/** Null where they lie beyond the file; none where they are of no type that a place or a size has. */
function readValues({ view, isLittle, isBig, wide }: Tiff, entry: TiffEntry): readonly number[] | null {
  const width = widths.get(entry.type);
  if (width === undefined || entry.count > mostParts) return [];
  const size = entry.count * width;
  const from = size <= (isBig ? 8 : 4) ? entry.valueAt : wide(entry.valueAt);
  if (from + size > view.byteLength) return null;
  const read = (place: number): number =>
    width === 2
      ? view.getUint16(place, isLittle)
      : width === 4
        ? view.getUint32(place, isLittle)
        : Number(view.getBigUint64(place, isLittle));
  return Array.from({ length: entry.count }, (_, index) => read(from + index * width));
}
