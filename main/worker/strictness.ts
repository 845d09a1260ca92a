import type { PictureFormat } from '../../contract/picture-format.ts';

/** From which message on libvips gives up; the exact words of both adapters. */
export type FailOn = 'error' | 'warning';

// libjpeg warns where it makes up pixels; the other warnings cost no pixel.
const madeUp = /premature end|bad (?:huffman|arithmetic) code|instead of RST/iu;

/**
 * Decodes so that damage is a fault and an oddity is not. Of a JPEG libjpeg only warns when it makes up what is missing,
 * so the first attempt stops at any warning, which costs a clean file nothing; harmless ones are passed over by a second.
 */
export async function strictly<T>(
  format: PictureFormat,
  attempt: (failOn: FailOn) => Promise<T>,
): Promise<T> {
  if (format !== 'JPEG') return attempt('error');
  try {
    return await attempt('warning');
  } catch (error) {
    if (madeUp.test(libraryText(error))) throw error;
    return attempt('error');
  }
}

/** What libvips said. A C++ exception comes out of WebAssembly as no Error: its message is the pair of class and text. */
export function libraryText(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message ?? error;
  return Array.isArray(message) ? message.slice(1).join('\n') : String(message);
}
