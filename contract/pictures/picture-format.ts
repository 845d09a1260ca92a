import { fault, type Fault } from '../faults/faults.ts';
import { reason, type Reason } from '../faults/reasons.ts';
import { hasRawName, isRawTiff } from './raw-format.ts';

/** The supported formats (docs/pictures.md). */
const pictureFormats = ['JPEG', 'PNG', 'WebP', 'TIFF', 'GIF', 'AVIF', 'BMP'] as const;
export type PictureFormat = (typeof pictureFormats)[number];

/** The format of a file by its first bytes: supported, known but unsupported, text, or unknown. */
type IdentifiedFile =
  | { readonly kind: 'picture'; readonly format: PictureFormat }
  | { readonly kind: 'refused'; readonly format: string }
  | { readonly kind: 'text' }
  | { readonly kind: 'unknown' };

/**
 * Bytes from the start of a file that are enough to detect its format. Exception: a camera's RAW file that is a TIFF
 * with directories further back looks like a TIFF here, and is refused when it is read completely.
 */
export const pictureHeadBytes = 4096;

/**
 * Detects a file's format by its content. The name is used only to tell a camera's RAW file from another TIFF, which
 * have the same signature. `bytes`: the head (`pictureHeadBytes`) or the whole file.
 */
export function identifyPicture(bytes: Uint8Array, name = ''): IdentifiedFile {
  const text = (from: number, to: number): string => latin1(bytes.subarray(from, to));
  const at0 = (prefix: string): boolean => text(0, prefix.length) === prefix;
  if (at0('\xff\xd8\xff')) return picture('JPEG');
  if (at0('\x89PNG\r\n\x1a\n')) return picture('PNG');
  if (at0('GIF87a') || at0('GIF89a')) return picture('GIF');
  if (at0('RIFF') && text(8, 12) === 'WEBP') return picture('WebP');
  if (text(4, 8) === 'ftyp') return identifyBrands(bytes);
  const known = magics.find(([magic]) => at0(magic));
  if (known) return refused(known[1]);
  if (/^(?:II[*+]\0|MM\0[*+])/u.test(text(0, 4)))
    return isRawTiff(bytes) || hasRawName(name) ? refused(rawName) : picture('TIFF');
  if (at0('BM') && isBmpHeader(bytes)) return picture('BMP');
  if (text(128, 132) === 'DICM') return refused('DICOM');
  if (isSvg(text(0, 1024))) return refused('SVG');
  return looksLikeText(bytes) ? { kind: 'text' } : { kind: 'unknown' };
}

/** The fault of an unsupported file; null for a supported one. `sizeBytes`: of the whole file. */
export function pictureRefusal(
  bytes: Uint8Array,
  { name, sizeBytes = bytes.byteLength }: { readonly name: string; readonly sizeBytes?: number },
): Fault | null {
  const identified = identifyPicture(bytes, name);
  switch (identified.kind) {
    case 'picture':
      return null;
    case 'refused':
      return fault('format-not-read', { file: name, format: formatReason(identified.format) });
    case 'text':
      return fault('not-a-picture', { file: name, reason: reason('bytes-of-text', { bytes: sizeBytes }) });
    case 'unknown':
      return fault('not-a-picture', { file: name, reason: reason('no-known-format') });
  }
}

/** Display name of an unsupported format; generic ones are reasons, which are translated. */
function formatReason(format: string): Reason {
  const [, kind = '', name = ''] = /^(an icon|a cursor|an archive) \((\w+)\)$/u.exec(format) ?? [];
  if (kind === 'an icon') return reason('icon', { name });
  if (kind === 'a cursor') return reason('cursor', { name });
  if (kind === 'an archive') return reason('archive', { name });
  const worded = wordedFormats[format];
  return worded ? reason(worded) : reason('name', { name: format });
}

/** The media type of a supported format. */
export function mediaTypeOf(format: PictureFormat): string {
  return `image/${format.toLowerCase()}`;
}

const rawName = 'a RAW file of a camera';
const wordedFormats: Readonly<Record<string, 'raw-file' | 'photoshop-document' | 'gimp-document' | 'video'>> =
  {
    [rawName]: 'raw-file',
    'a Photoshop document': 'photoshop-document',
    'a GIMP document': 'gimp-document',
    'a video': 'video',
  };
const picture = (format: PictureFormat): IdentifiedFile => ({ kind: 'picture', format });
const refused = (format: string): IdentifiedFile => ({ kind: 'refused', format });

/** Signatures of formats that people take for pictures. */
const magics: readonly (readonly [string, string])[] = [
  ['\xff\x0a', 'JPEG XL'],
  ['\0\0\0\x0cJXL \r\n\x87\n', 'JPEG XL'],
  ['\xff\x4f\xff\x51', 'JPEG 2000'],
  ['\0\0\0\x0cjP  \r\n\x87\n', 'JPEG 2000'],
  ['II\xbc', 'JPEG XR'],
  ['%PDF-', 'PDF'],
  ['%!PS', 'PostScript'],
  ['8BPS', 'a Photoshop document'],
  ['gimp xcf', 'a GIMP document'],
  ['IIRO', rawName],
  ['IIRS', rawName],
  ['MMOR', rawName],
  ['IIU\0', rawName],
  ['FUJIFILMCCD-RAW', rawName],
  ['FOVb', rawName],
  ['\0MRM', rawName],
  ['II\x1a\0\0\0HEAPCCDR', rawName],
  ['\0\0\x01\0', 'an icon (ICO)'],
  ['\0\0\x02\0', 'a cursor (CUR)'],
  ['icns', 'an icon (ICNS)'],
  ['v/1\x01', 'OpenEXR'],
  ['#?RADIANCE', 'Radiance HDR'],
  ['#?RGBE', 'Radiance HDR'],
  ['SIMPLE  =', 'FITS'],
  ['DDS ', 'DDS'],
  ['qoif', 'QOI'],
  ['\x8aMNG\r\n\x1a\n', 'MNG'],
  ['PK\x03\x04', 'an archive (ZIP)'],
  ['\x1f\x8b', 'an archive (gzip)'],
  ['P1\n', 'PNM'],
  ['P2\n', 'PNM'],
  ['P3\n', 'PNM'],
  ['P4\n', 'PNM'],
  ['P5\n', 'PNM'],
  ['P6\n', 'PNM'],
  ['\x1aE\xdf\xa3', 'a video'],
];

const heicBrands = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'hevm', 'hevs'];

/** ISO base media files by their brands: AVIF, HEIC, a camera's CR3, or a video. */
function identifyBrands(bytes: Uint8Array): IdentifiedFile {
  const end = Math.min(bytes.byteLength, uint32(bytes, 0), 256);
  const brands: string[] = [];
  // The four bytes after the major brand are the minor version.
  for (let at = 8; at + 4 <= end; at += at === 8 ? 8 : 4) brands.push(latin1(bytes.subarray(at, at + 4)));
  const [major = ''] = brands;
  if (major === 'avif' || major === 'avis') return picture('AVIF');
  if (heicBrands.includes(major)) return refused('HEIC');
  if (major === 'crx ') return refused(rawName);
  if (brands.some((brand) => heicBrands.includes(brand))) return refused('HEIC');
  if (['mif1', 'mif2', 'msf1', 'miaf', 'MA1A', 'MA1B'].includes(major))
    return brands.some((brand) => brand === 'avif' || brand === 'avis') ? picture('AVIF') : refused('HEIF');
  return refused('a video');
}

/** Text may start with `BM` as well: the second header must have one of the sizes defined for it. */
function isBmpHeader(bytes: Uint8Array): boolean {
  if (bytes.byteLength < 26) return false;
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(14, true);
  return [12, 16, 40, 52, 56, 64, 108, 124].includes(size);
}

/** Markup whose root is `svg`, in UTF-8 or UTF-16. */
function isSvg(head: string): boolean {
  const plain = head.replaceAll('\0', '').replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*/u, '');
  return plain.startsWith('<') && /<svg[\s>]/u.test(plain) && !/<html[\s>]/iu.test(plain);
}

/** Big-endian. */
function uint32(bytes: Uint8Array, at: number): number {
  return bytes.byteLength < at + 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 512);
  return head.every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte !== 127));
}
