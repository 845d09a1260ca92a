import { identifyPicture } from '../../contract/picture-format.ts';
import { isAnyPictureName } from '../../contract/pictures.ts';
import type { CardFile } from './card-files.ts';
import type { ReadFile } from './copy-file.ts';

/** What is wrong with a photo on its card: a battery that failed, a camera that stopped while it wrote. */
export type FrameFlaw = 'empty' | 'no-picture' | 'cut';

/**
 * Looks at the first and last bytes of what was copied, without decoding it: a JPEG without its end was cut. Null for what
 * looks whole, and for what is no photo by its name. Every copied byte is what the card holds, whatever is found here.
 */
export function frameFlaw({ below, sizeBytes }: CardFile, { head, tail }: ReadFile): FrameFlaw | null {
  if (!isAnyPictureName(below)) return null;
  if (sizeBytes === 0) return 'empty';
  const kind = identifyPicture(head, below);
  if (kind.kind === 'unknown' || kind.kind === 'text') return 'no-picture';
  const isJpeg = kind.kind === 'picture' && kind.format === 'JPEG';
  return isJpeg && !hasJpegEnd(tail) ? 'cut' : null;
}

/** Behind the end mark cameras write notes of their own, or fill up with one byte. */
function hasJpegEnd(tail: Uint8Array): boolean {
  for (let at = tail.byteLength - 1; at > 0; at -= 1)
    if (tail[at] === 0xd9 && tail[at - 1] === 0xff) return true;
  return false;
}
