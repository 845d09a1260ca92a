import type { FileHandle } from 'node:fs/promises';

/** The media type of a picture that Chromium shows by itself, told by its first bytes and never by its name. */
export async function pictureType(file: FileHandle): Promise<string | null> {
  const head = Buffer.alloc(32);
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  return typeOfBytes(head.subarray(0, bytesRead));
}

export function typeOfBytes(head: Buffer): string | null {
  const text = (from: number, to: number): string => head.toString('latin1', from, to);
  if (text(0, 3) === '\xff\xd8\xff') return 'image/jpeg';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp';
  if (text(0, 6) === 'GIF87a' || text(0, 6) === 'GIF89a') return 'image/gif';
  if (text(4, 8) === 'ftyp' && /^avi[fs]/u.test(text(8, 12))) return 'image/avif';
  if (text(0, 2) === 'BM' && head.length >= 26) return 'image/bmp';
  return null;
}
