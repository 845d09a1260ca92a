import { viewOf } from '../../../contract/tensors/tensor-codec.ts';

/** What is taken out of an EXIF block; where the photo was turned upright, it says so afterwards. */
type ExifEdit = { readonly place: boolean; readonly previews: boolean; readonly isUpright: boolean };

const head = Buffer.from('Exif\0\0', 'latin1');
const entryBytes = 12;
const tags = { orientation: 0x0112, exif: 0x8769, gps: 0x8825, makerNote: 0x927c };
const thumbnail = { offset: 0x0201, length: 0x0202 };
/** Bytes of a value of each TIFF type, from 1 on. */
const typeBytes = [1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/**
 * The block without what the edit names, and its bytes made zero; null where it is damaged, so that nobody can say what is in
 * it. Maker notes go with places and with previews: they may hold either. Source: TIFF 6.0, section 2; CIPA DC-008.
 */
export function editExif(block: Uint8Array, edit: ExifEdit): Uint8Array | null {
  const copy = Uint8Array.from(block);
  const start = Buffer.from(copy.subarray(0, head.length)).equals(head) ? head.length : 0;
  try {
    editTiff(copy.subarray(start), edit);
    return copy;
  } catch {
    return null;
  }
}

function editTiff(bytes: Uint8Array, { place, previews, isUpright }: ExifEdit): void {
  const view = viewOf(bytes);
  const isLittle = view.getUint16(0) === 0x4949;
  if (!isLittle && view.getUint16(0) !== 0x4d4d) throw new Error('no byte order');
  const tiff = { bytes, view, isLittle };
  const first = view.getUint32(4, isLittle);
  if (isUpright) {
    const turned = entryAt(tiff, first, tags.orientation);
    if (turned !== null) view.setUint16(turned + 8, 1, isLittle);
  }
  const photo = pointerAt(tiff, first, tags.exif);
  if ((place || previews) && photo !== null) removeEntry(tiff, photo, tags.makerNote);
  if (place) {
    const gps = pointerAt(tiff, first, tags.gps);
    if (gps !== null) clearFolder(tiff, gps);
    removeEntry(tiff, first, tags.gps);
  }
  if (previews || isUpright) dropThumbnail(tiff, first);
}

type Tiff = { readonly bytes: Uint8Array; readonly view: DataView; readonly isLittle: boolean };

const countAt = ({ view, isLittle }: Tiff, folder: number): number => view.getUint16(folder, isLittle);

function entryAt(tiff: Tiff, folder: number, tag: number): number | null {
  for (let index = 0; index < countAt(tiff, folder); index += 1) {
    const at = folder + 2 + index * entryBytes;
    if (tiff.view.getUint16(at, tiff.isLittle) === tag) return at;
  }
  return null;
}

function pointerAt(tiff: Tiff, folder: number, tag: number): number | null {
  const at = entryAt(tiff, folder, tag);
  return at === null ? null : tiff.view.getUint32(at + 8, tiff.isLittle);
}

/** Makes the bytes zero that an entry's value has outside of it. */
function clearValue({ bytes, view, isLittle }: Tiff, at: number): void {
  const size = (typeBytes[view.getUint16(at + 2, isLittle) - 1] ?? 1) * view.getUint32(at + 4, isLittle);
  if (size <= 4) return;
  const from = view.getUint32(at + 8, isLittle);
  bytes.fill(0, from, from + size);
}

/** The entries behind it move up, and so does the way to the next folder. */
function removeEntry(tiff: Tiff, folder: number, tag: number): void {
  const at = entryAt(tiff, folder, tag);
  if (at === null) return;
  clearValue(tiff, at);
  const count = countAt(tiff, folder);
  const end = folder + 2 + count * entryBytes + 4;
  tiff.bytes.copyWithin(at, at + entryBytes, end);
  tiff.bytes.fill(0, end - entryBytes, end);
  tiff.view.setUint16(folder, count - 1, tiff.isLittle);
}

function clearFolder(tiff: Tiff, folder: number): void {
  const count = countAt(tiff, folder);
  for (let index = 0; index < count; index += 1) clearValue(tiff, folder + 2 + index * entryBytes);
  tiff.bytes.fill(0, folder, folder + 2 + count * entryBytes + 4);
}

/** The second folder is that of the small picture, which shows what the photo showed. */
function dropThumbnail(tiff: Tiff, first: number): void {
  const { bytes, view, isLittle } = tiff;
  const link = first + 2 + countAt(tiff, first) * entryBytes;
  const second = link + 4 <= bytes.byteLength ? view.getUint32(link, isLittle) : 0;
  if (second === 0) return;
  const from = pointerAt(tiff, second, thumbnail.offset);
  const length = pointerAt(tiff, second, thumbnail.length);
  if (from !== null && length !== null) bytes.fill(0, from, from + length);
  clearFolder(tiff, second);
  view.setUint32(link, 0, isLittle);
}
