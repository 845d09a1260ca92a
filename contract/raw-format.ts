import { viewOf } from './tensor-codec.ts';
/** Endings of cameras' RAW files, lower case, without the point. */
export const rawExtensions = [
  '3fr',
  'arw',
  'cr2',
  'cr3',
  'crw',
  'dcr',
  'dng',
  'erf',
  'fff',
  'gpr',
  'iiq',
  'k25',
  'kdc',
  'mef',
  'mos',
  'mrw',
  'nef',
  'nrw',
  'orf',
  'pef',
  'raf',
  'raw',
  'rw2',
  'rwl',
  'sr2',
  'srf',
  'srw',
  'x3f',
] as const;

const endings = new Set<string>(rawExtensions);

/** Whether this name ends as a camera's RAW file does. */
export function hasRawName(name: string): boolean {
  const point = name.lastIndexOf('.');
  return point >= 0 && endings.has(name.slice(point + 1).toLowerCase());
}

const tag = { subfile: 254, compression: 259, photometric: 262, make: 271, subDirectories: 330 } as const;
const onlyInRaw = [33_421, 33_422, 50_706]; // CFARepeatPatternDim, CFAPattern, DNGVersion
const rawPhotometrics = [32_803, 34_892]; // colour filter array, LinearRaw
const rawCompressions = [262, 32_767, 32_769, 32_770, 32_867, 34_713, 34_892, 65_000, 65_535];
/** A camera's file has a handful of directories; one of a hostile file may have a chain without an end. */
const mostDirectories = 32;
const mostEntries = 512;

/**
 * Whether a TIFF is a camera's RAW file: libtiff would answer it with the thumbnail that its first directory holds.
 * Looks at the directories that lie within `bytes`. False for what is no TIFF.
 */
export function isRawTiff(bytes: Uint8Array): boolean {
  if (bytes.byteLength < 16) return false;
  const view = viewOf(bytes);
  const isLittle = bytes[0] === 0x49;
  const isBig = view.getUint16(2, isLittle) === 43;
  // Canon's CR2 says so itself.
  if (!isBig && bytes[8] === 0x43 && bytes[9] === 0x52 && bytes[10] === 2) return true;
  // Phase One's IIQ has a mark of its own there.
  if (!isBig && [0x49494949, 0x4d4d4d4d].includes(view.getUint32(8))) return true;
  const reader: Reader = { view, isLittle, isBig };
  const waiting = [offsetAt(reader, isBig ? 8 : 4)];
  const seen = new Set<number>();
  while (waiting.length > 0 && seen.size < mostDirectories) {
    const at = waiting.shift()!;
    if (at <= 0 || seen.has(at)) continue;
    seen.add(at);
    const directory = readDirectory(reader, at);
    if (directory.isRaw) return true;
    waiting.push(...directory.further);
  }
  return false;
}

type Reader = { readonly view: DataView; readonly isLittle: boolean; readonly isBig: boolean };
type Directory = { readonly isRaw: boolean; readonly further: readonly number[] };

function readDirectory(reader: Reader, at: number): Directory {
  const { view, isLittle, isBig } = reader;
  const [countSize, entrySize] = isBig ? [8, 20] : [2, 12];
  if (at + countSize > view.byteLength) return { isRaw: false, further: [] };
  const count = isBig ? Number(view.getBigUint64(at, isLittle)) : view.getUint16(at, isLittle);
  const further: number[] = [];
  let [isReduced, hasMake, hasSubDirectories, isRaw] = [false, false, false, false];
  for (let index = 0; index < Math.min(count, mostEntries); index += 1) {
    const entry = at + countSize + entrySize * index;
    if (entry + entrySize > view.byteLength) break;
    const id = view.getUint16(entry, isLittle);
    const isShort = view.getUint16(entry + 2, isLittle) === 3;
    const valueAt = entry + (isBig ? 12 : 8);
    const value = isShort ? view.getUint16(valueAt, isLittle) : view.getUint32(valueAt, isLittle);
    isRaw ||=
      onlyInRaw.includes(id) ||
      (id === tag.photometric && rawPhotometrics.includes(value)) ||
      (id === tag.compression && rawCompressions.includes(value));
    if (id === tag.subfile) isReduced = (value & 1) === 1;
    if (id === tag.make) hasMake = true;
    if (id === tag.subDirectories) {
      hasSubDirectories = true;
      further.push(...subDirectories(reader, entry));
    }
  }
  const next = at + countSize + entrySize * count;
  if (next + (isBig ? 8 : 4) <= view.byteLength) further.push(offsetAt(reader, next));
  // A first directory that is a camera's smaller copy of what lies below it.
  return { isRaw: isRaw || (isReduced && hasMake && hasSubDirectories), further };
}

function subDirectories(reader: Reader, entry: number): number[] {
  const { view, isLittle, isBig } = reader;
  const width = isBig ? 8 : 4;
  const count = Math.min(offsetAt(reader, entry + 4), mostDirectories);
  const inPlace = entry + 4 + width;
  const at = count * width <= width ? inPlace : offsetAt(reader, inPlace);
  const found: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const place = at + index * width;
    if (place + width > view.byteLength) break;
    found.push(isBig ? Number(view.getBigUint64(place, isLittle)) : view.getUint32(place, isLittle));
  }
  return found;
}

/** An offset or a count: 4 bytes, 8 in BigTIFF. */
function offsetAt({ view, isLittle, isBig }: Reader, at: number): number {
  return isBig ? Number(view.getBigUint64(at, isLittle)) : view.getUint32(at, isLittle);
}
