import { failed, ok, type Outcome } from '../../contract/faults/faults.ts';
import { reason } from '../../contract/faults/reasons.ts';
import {
  identifyPicture,
  pictureRefusal,
  type PictureFormat,
} from '../../contract/pictures/picture-format.ts';
import { bmpAsTiff } from './bmp.ts';
import { readJpeg, withEnd, type Upright } from './jpeg-file.ts';
import { cutReason } from './picture-fault.ts';
import { readTiff } from './tiff-file.ts';
import { viewOf } from '../../contract/tensors/tensor-codec.ts';

/** Bytes that may be handed to libvips, and how. */
export type PictureFile = {
  readonly bytes: Uint8Array;
  readonly format: PictureFormat;
  /**
   * Whether rows may be read as they are asked for. A file whose end is odd is decoded as a whole: what lies below the
   * square that the model sees would otherwise never be missed.
   */
  readonly isSequential: boolean;
  /** Whether the file breaks off where its format would have gone on. */
  readonly isCut: boolean;
  /** Of a JPEG that surely is to be seen as it is stored: what its header says, so that nobody reads it again. */
  readonly upright?: Upright | null;
  /** Of a TIFF: a compression that the library may have been built without. */
  readonly rareCompression?: string | null;
  /** Of a TIFF: the JPEGs that it is made of. */
  readonly jpegs?: Iterable<Uint8Array> | null;
};

/**
 * Allow-list in front of libvips: only the supported formats pass. Faults: `format-not-read`, `not-a-picture`,
 * `image-unreadable`.
 */
export function openPicture(bytes: Uint8Array, name: string): Outcome<PictureFile> {
  if (bytes.byteLength === 0) return failed('file-empty', { file: name });
  const refusal = pictureRefusal(bytes, { name });
  if (refusal) return { ok: false, fault: refusal };
  const content = identifyPicture(bytes, name);
  const format = content.kind === 'picture' ? content.format : 'JPEG';
  switch (format) {
    case 'JPEG':
      return openJpeg(bytes, name);
    case 'PNG': {
      const isSequential = hasPngEnd(bytes);
      return ok({ bytes, format, isSequential, isCut: !isSequential });
    }
    case 'BMP': {
      const tiff = bmpAsTiff(bytes, name);
      return tiff.ok ? ok({ bytes: tiff.value, format, isSequential: true, isCut: false }) : tiff;
    }
    case 'TIFF':
      return ok({ bytes, format, isSequential: false, ...readTiff(bytes) });
    // Of these libvips decodes the whole picture anyway.
    case 'AVIF':
      return ok({ bytes: withStillBrand(bytes), format, isSequential: true, isCut: boxesRunOut(bytes) });
    case 'WebP':
      return ok({ bytes, format, isSequential: true, isCut: riffRunsOut(bytes) });
    case 'GIF':
      return ok({ bytes, format, isSequential: true, isCut: false });
  }
}

/** A JPEG, also one that is a part of another file. Faults: as `openPicture`. */
export function openJpeg(bytes: Uint8Array, name: string): Outcome<PictureFile> {
  const { unread, hasEnd, isComplete, upright } = readJpeg(bytes);
  if (unread)
    return failed('format-not-read', {
      file: name,
      format:
        unread.kind === 'jpeg-ls'
          ? reason('name', { name: 'JPEG-LS' })
          : reason('jpeg-bits', { bits: unread.bits }),
    });
  if (hasEnd) return ok({ bytes, format: 'JPEG', isSequential: true, isCut: false, upright });
  if (!isComplete) return failed('image-unreadable', { file: name, reason: cutReason(bytes) });
  return ok({ bytes: withEnd(bytes), format: 'JPEG', isSequential: false, isCut: true });
}

/** Whether the chunks lead to the one that ends a PNG; its checksum may be missing. */
function hasPngEnd(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  for (let at = 8; at + 8 <= bytes.byteLength; at += 12 + view.getUint32(at)) {
    if (view.getUint32(at + 4) === 0x49454e44) return true;
  }
  return false;
}

/** Whether the one chunk that a WebP is ends beyond the file. */
function riffRunsOut(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  return 8 + view.getUint32(4, true) > bytes.byteLength;
}

/** Whether the last of an AVIF's boxes ends beyond the file. A length of 0 leads to the file's end, 1 stands for a longer number. */
function boxesRunOut(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  let at = 0;
  while (at + 16 <= bytes.byteLength) {
    const short = view.getUint32(at);
    if (short === 0) return false;
    at += Math.max(8, short === 1 ? Number(view.getBigUint64(at + 8)) : short);
  }
  return at > bytes.byteLength;
}

/** A sequence (`avis`) has a first picture like any other AVIF; libvips knows the file by the other brand alone. */
function withStillBrand(bytes: Uint8Array): Uint8Array {
  if (bytes[11] !== 0x73) return bytes;
  const still = Uint8Array.from(bytes);
  still[11] = 0x66;
  return still;
}
