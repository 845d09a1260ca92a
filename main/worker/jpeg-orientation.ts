/** Whether an APP1 segment, behind its length, is Exif: others hold XMP. */
export const startsExif = (segment: Buffer): boolean => segment.toString('latin1', 0, 4) === 'Exif';

const orientationTag = 0x0112;
const shortType = 3;

/** Whether the Exif segment says once, and in its usual form, that the picture stands as it is stored. */
export function isUprightExif(segment: Buffer): boolean {
  const tiff = segment.subarray(6);
  if (tiff.length < 10) return false;
  const order = tiff.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return false;
  const short = (at: number): number => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const long = (at: number): number => (order === 'II' ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const first = long(4);
  if (short(2) !== 42 || first + 2 > tiff.length) return false;
  const entries = Array.from({ length: short(first) }, (_, entry) => first + 2 + 12 * entry);
  if (entries.some((at) => at + 12 > tiff.length)) return false;
  const found = entries.filter((at) => short(at) === orientationTag);
  return (
    found.length === 1 &&
    found.every((at) => short(at + 2) === shortType && long(at + 4) === 1 && short(at + 8) === 1)
  );
}
