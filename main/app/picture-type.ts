import type { FileHandle } from 'node:fs/promises';
import { identifyPicture, mediaTypeOf, pictureHeadBytes } from '../../contract/picture-format.ts';

/** The media type of a picture that Chromium shows by itself, told by its first bytes and never by its name. */
export async function pictureType(file: FileHandle): Promise<string | null> {
  const head = Buffer.alloc(pictureHeadBytes);
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  return typeOfBytes(head.subarray(0, bytesRead));
}

export function typeOfBytes(head: Buffer): string | null {
  const judged = identifyPicture(head);
  return judged.kind === 'picture' && judged.format !== 'TIFF' ? mediaTypeOf(judged.format) : null;
}
