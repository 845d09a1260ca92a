import { failed, type Outcome } from '../../contract/faults.ts';
import { megapixelLimit } from './decoder.ts';

/** What libvips said, in words for a person: too large, not a picture at all, or broken. */
export function pictureFault(error: unknown, bytes: Uint8Array, name: string): Outcome<never> {
  const text = error instanceof Error ? error.message : String(error);
  if (/unsupported image format|not in a known format|not a known file format/iu.test(text)) {
    return failed('not-a-picture', {
      file: name,
      reason: looksLikeText(bytes) ? `${bytes.byteLength} bytes of text` : 'no known picture format',
    });
  }
  if (/premature end|truncated|unexpected end|end of file|not enough|read error/iu.test(text)) {
    const size = bytes.byteLength.toLocaleString('en');
    return failed('image-unreadable', {
      file: name,
      reason: `the file ends after ${size} bytes, before the picture does`,
    });
  }
  return failed('image-unreadable', { file: name, reason: firstLine(text) });
}

/** The fault for a picture of absurd size, or null; to be asked before anything is allocated. */
export function sizeFault(width: number, height: number, name: string): Outcome<never> | null {
  return width * height > megapixelLimit * 1e6
    ? failed('image-too-large', { file: name, width, height, limit: megapixelLimit })
    : null;
}

function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 512);
  return head.every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte !== 127));
}

function firstLine(text: string): string {
  return (text.split('\n').find((line) => line.trim()) ?? 'unknown reason').trim().slice(0, 200);
}
