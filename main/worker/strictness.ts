import type { PictureFormat } from '../../contract/pictures/picture-format.ts';
import { withoutOddities } from './jpeg-oddities.ts';

/** From which message on libvips gives up; the exact words of both adapters. */
export type FailOn = 'error' | 'warning';

type Readable = { readonly bytes: Uint8Array; readonly format: PictureFormat };

// libjpeg warns where it makes up pixels; most other warnings cost no pixel.
const madeUp = /premature end|bad (?:huffman|arithmetic) code|instead of RST/iu;

/**
 * Decodes so that damage is a fault and an oddity is not. Of a JPEG libjpeg only warns when it makes up what is missing,
 * so any warning stops an attempt, which costs a clean file nothing. What it warns of without harm is taken out of the
 * file for a second attempt, which stops at any warning as well: passing over the harmless ones would hide the others.
 */
export async function strictly<T, File extends Readable>(
  file: File,
  attempt: (file: File, failOn: FailOn) => Promise<T>,
): Promise<T> {
  if (file.format !== 'JPEG') return attempt(file, 'error');
  try {
    return await attempt(file, 'warning');
  } catch (error) {
    if (madeUp.test(libraryText(error))) throw error;
    const bytes = withoutOddities(file.bytes);
    if (bytes === file.bytes) throw error;
    return attempt({ ...file, bytes }, 'warning');
  }
}

/** What libvips said. A C++ exception comes out of WebAssembly as no Error: its message is the pair of class and text. */
export function libraryText(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message ?? error;
  return Array.isArray(message) ? message.slice(1).join('\n') : String(message);
}
