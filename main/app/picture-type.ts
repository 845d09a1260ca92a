import type { FileHandle } from 'node:fs/promises';
import { identifyPicture, mediaTypeOf, pictureHeadBytes } from '../../contract/pictures/picture-format.ts';

/** The media type of a picture that Chromium shows by itself, by its first bytes, never by its name; null for any other file. */
export async function pictureType(file: FileHandle): Promise<string | null> {
  const head = Buffer.alloc(pictureHeadBytes);
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  return typeOfBytes(head.subarray(0, bytesRead));
}

export function typeOfBytes(head: Buffer): string | null {
  const identified = identifyPicture(head);
  return identified.kind === 'picture' && identified.format !== 'TIFF'
    ? mediaTypeOf(identified.format)
    : null;
}
