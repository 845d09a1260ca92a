import { failed, type Outcome } from '../../contract/faults/faults.ts';
import { detail, reason, type Reason } from '../../contract/faults/reasons.ts';
import { megapixelLimit } from './decoder.ts';
import { libraryText } from './strictness.ts';

type Failed = {
  readonly bytes: Uint8Array;
  readonly name: string;
  /** The file breaks off by its structure. */
  readonly isCut?: boolean;
  readonly rareCompression?: string | null;
};

/** Maps libvips errors to the same faults for both adapters; one of them hides libtiff's missing codecs. */
export function pictureFault(
  error: unknown,
  { bytes, name, isCut = false, rareCompression = null }: Failed,
): Outcome<never> {
  const text = libraryText(error);
  if (rareCompression !== null && !isCut)
    return failed('image-unreadable', {
      file: name,
      reason: reason('compression-unread', { name: rareCompression }),
    });
  const isEnded =
    isCut || /premature end of JPEG|unexpected end|end of file|not enough|tiff.*read error/iu.test(text);
  return failed('image-unreadable', { file: name, reason: isEnded ? cutReason(bytes) : reasonOf(text) });
}

/** The fault for a TIFF with a JPEG in it that is damaged, by what the library said of that JPEG. */
export function partFault(error: unknown, name: string): Outcome<never> {
  const text = libraryText(error);
  const why = /Corrupt JPEG data/iu.test(text) ? reasonOf(text) : reason('data-damaged');
  return failed('image-unreadable', { file: name, reason: why });
}

export const cutReason = ({ byteLength }: Uint8Array): Reason => reason('cut-off', { bytes: byteLength });

/** The fault for a picture of absurd size, or null; to be asked before anything is allocated. */
export function sizeFault(width: number, height: number, name: string): Outcome<never> | null {
  return width * height > megapixelLimit * 1e6
    ? failed('image-too-large', { file: name, width, height, limit: megapixelLimit })
    : null;
}

/** The library's first line of substance, without what only its own developers need. */
function reasonOf(text: string): Reason {
  const compression = /(\S+) compression support is not configured/iu.exec(text)?.[1];
  if (compression) return reason('compression-unread', { name: compression });
  const damage = [...text.matchAll(/Corrupt JPEG data: ([^\n]+)/gu)].map(([, message = '']) => message);
  const worst = damage.find((message) => !message.includes('extraneous')) ?? damage[0];
  if (worst) return reason('data-damaged-as', { detail: detail(worst) });
  const lines = text
    .split('\n')
    .map((line) =>
      line
        .replace(
          /^Input (?:buffer|Buffer) (?:has corrupt header|contains unsupported image format):?\s*/u,
          '',
        )
        .replace(
          /^(?:\w+: )?(?:vipspng|VipsJpeg|tiff2vips|gifload_buffer|[a-z]+load(?:_buffer)?|webp2vips): /u,
          '',
        )
        .trim(),
    )
    .filter((line) => line && !/^unable to |^unknown error$|not in a known format/iu.test(line));
  const [line] = lines;
  return line === undefined ? reason('data-damaged') : detail(line.slice(0, 200));
}
