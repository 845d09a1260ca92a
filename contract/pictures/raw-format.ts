import { firstDirectory, openTiff, readDirectory } from './tiff-directory.ts';
import type { Tiff, TiffEntry } from './tiff-directory.ts';
/** File extensions of camera RAW files, lower case, without the dot. */
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

/** Whether the extension is that of a camera RAW file. */
export function hasRawName(name: string): boolean {
  const point = name.lastIndexOf('.');
  return point >= 0 && endings.has(name.slice(point + 1).toLowerCase());
}

const tag = { subfile: 254, compression: 259, photometric: 262, make: 271, subDirectories: 330 } as const;
const onlyInRaw = [33_421, 33_422, 50_706]; // CFARepeatPatternDim, CFAPattern, DNGVersion
const rawPhotometrics = [32_803, 34_892]; // colour filter array, LinearRaw
const rawCompressions = [262, 32_767, 32_769, 32_770, 32_867, 34_713, 34_892, 65_000, 65_535];
/** A camera's file has a handful of directories; a malicious one may have an endless chain. */
const mostDirectories = 32;

/**
 * Whether a TIFF is a camera RAW file: libtiff would decode it as the thumbnail in its first directory. Inspects the
 * directories within `bytes`. False for what is not a TIFF.
 */
export function isRawTiff(bytes: Uint8Array): boolean {
  const tiff = openTiff(bytes);
  if (!tiff) return false;
  // Canon's CR2 has a signature of its own.
  if (!tiff.isBig && bytes[8] === 0x43 && bytes[9] === 0x52 && bytes[10] === 2) return true;
  // Phase One's IIQ has a signature there.
  if (!tiff.isBig && [0x49494949, 0x4d4d4d4d].includes(tiff.view.getUint32(8))) return true;
  const waiting = [firstDirectory(tiff)];
  const seen = new Set<number>();
  while (waiting.length > 0 && seen.size < mostDirectories) {
    const at = waiting.shift()!;
    if (at <= 0 || seen.has(at)) continue;
    seen.add(at);
    const found = lookInto(tiff, at);
    if (found.isRaw) return true;
    waiting.push(...found.further);
  }
  return false;
}

type Found = { readonly isRaw: boolean; readonly further: readonly number[] };

function lookInto(tiff: Tiff, at: number): Found {
  const { view, isLittle } = tiff;
  const { entries, next } = readDirectory(tiff, at);
  const further: number[] = [];
  let [isReduced, hasMake, hasSubDirectories, isRaw] = [false, false, false, false];
  for (const entry of entries) {
    const value =
      entry.type === 3 ? view.getUint16(entry.valueAt, isLittle) : view.getUint32(entry.valueAt, isLittle);
    isRaw ||=
      onlyInRaw.includes(entry.tag) ||
      (entry.tag === tag.photometric && rawPhotometrics.includes(value)) ||
      (entry.tag === tag.compression && rawCompressions.includes(value));
    if (entry.tag === tag.subfile) isReduced = (value & 1) === 1;
    if (entry.tag === tag.make) hasMake = true;
    if (entry.tag === tag.subDirectories) {
      hasSubDirectories = true;
      further.push(...subDirectories(tiff, entry));
    }
  }
  if (next !== null) further.push(next);
  // A first directory with a reduced copy of the picture in its subdirectories.
  return { isRaw: isRaw || (isReduced && hasMake && hasSubDirectories), further };
}

function subDirectories({ view, isBig, wide }: Tiff, entry: TiffEntry): number[] {
  const width = isBig ? 8 : 4;
  const count = Math.min(entry.count, mostDirectories);
  const at = count * width <= width ? entry.valueAt : wide(entry.valueAt);
  const found: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const place = at + index * width;
    if (place + width > view.byteLength) break;
    found.push(wide(place));
  }
  return found;
}
