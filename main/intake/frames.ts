import { identifyPicture } from '../../contract/pictures/picture-format.ts';
import { isAnyPictureName } from '../../contract/pictures/pictures.ts';
import type { CardFile } from './card-files.ts';
import type { ReadFile } from './copy-file.ts';

/** How a photo is damaged on the card, for instance when the battery failed while the camera wrote it. */
type FrameFlaw = 'empty' | 'no-picture' | 'cut';

/**
 * Checks the first and last bytes of a copied photo without decoding it: a JPEG without an end marker was cut. Null if it
 * looks whole, or if its name is not a photo's. A flaw is the photo's own: the copy equals the card's bytes either way.
 */
export function frameFlaw({ below, sizeBytes }: CardFile, { head, tail }: ReadFile): FrameFlaw | null {
  if (!isAnyPictureName(below)) return null;
  if (sizeBytes === 0) return 'empty';
  const kind = identifyPicture(head, below);
  if (kind.kind === 'unknown' || kind.kind === 'text') return 'no-picture';
  const isJpeg = kind.kind === 'picture' && kind.format === 'JPEG';
  return isJpeg && !hasJpegEnd(tail) ? 'cut' : null;
}

/** Searches backwards: cameras append data or padding after the end-of-image marker. */
function hasJpegEnd(tail: Uint8Array): boolean {
  for (let at = tail.byteLength - 1; at > 0; at -= 1)
    if (tail[at] === 0xd9 && tail[at - 1] === 0xff) return true;
  return false;
}
