import Vips from 'wasm-vips';
import { ok, type Outcome } from '../../contract/faults.ts';
import { withoutBmp } from './bmp.ts';
import {
  centreSquare,
  shrinkOf,
  type DecodeSpec,
  type Decoder,
  type Jpeg,
  type Picture,
  type Square,
} from './decoder.ts';
import { pictureFault, sizeFault } from './picture-fault.ts';

type VipsModule = Awaited<ReturnType<typeof Vips>>;
type VipsImage = InstanceType<VipsModule['Image']>;

/** libvips as WebAssembly: no native part, so it is safe in Electron on Linux. Works on the calling thread. */
export async function vipsDecoder(): Promise<Decoder> {
  const vips = await Vips({ dynamicLibraries: ['vips-heif.wasm'] });
  vips.Cache.max(0);
  vips.concurrency(1);
  return {
    name: 'wasm-vips',
    decode: (bytes, spec, name) =>
      guarded({ bytes, name }, (keep) => decode(vips, keep, { bytes: withoutBmp(bytes), spec, name })),
    thumbnail: (bytes, edge, name) =>
      guarded({ bytes, name }, (keep) => thumbnail(vips, keep, { bytes: withoutBmp(bytes), edge, name })),
  };
}

type Keep = (image: VipsImage) => VipsImage;

/** Frees every image that was made on the way, whatever happens. */
async function guarded<T>(
  { bytes, name }: { bytes: Uint8Array; name: string },
  work: (keep: Keep) => Outcome<T>,
): Promise<Outcome<T>> {
  const made: VipsImage[] = [];
  const keep: Keep = (image) => {
    made.push(image);
    return image;
  };
  await Promise.resolve();
  try {
    return work(keep);
  } catch (error) {
    return pictureFault(wordsOf(error), bytes, name);
  } finally {
    for (const image of made.toReversed()) image.delete();
  }
}

function decode(
  vips: VipsModule,
  keep: Keep,
  { bytes, spec, name }: { bytes: Uint8Array; spec: DecodeSpec; name: string },
): Outcome<Picture> {
  const loaded = keep(vips.Image.newFromBuffer(bytes, '', { fail_on: 'truncated' }));
  const tooLarge = sizeFault(loaded.width, loaded.height, name);
  if (tooLarge) return tooLarge;
  const turned = keep(loaded.autorot());
  const { width, height } = turned;
  const seen =
    spec.crop === null ? { left: 0, top: 0, width, height } : centreSquare(width, height, spec.crop);
  const shrink = isJpeg(bytes) ? shrinkOf({ width, height, spare: 2 }, spec) : 1;
  const opened =
    shrink === 1
      ? turned
      : keep(keep(vips.Image.jpegloadBuffer(bytes, { fail_on: 'truncated', shrink })).autorot());
  let image = fromProfile(keep, opened);
  if (image.hasAlpha()) image = keep(image.flatten({ background: [...spec.background] }));
  const square =
    shrink === 1 || spec.crop === null
      ? seenIn(image, seen, shrink)
      : centreSquare(image.width, image.height, spec.crop);
  image = keep(image.crop(square.left, square.top, square.width, square.height));
  if (spec.resize) {
    const { width: toWidth, height: toHeight, kernel } = spec.resize;
    image = keep(image.resize(toWidth / square.width, { vscale: toHeight / square.height, kernel }));
  }
  image = keep(image.colourspace('srgb'));
  if (image.format !== 'uchar') image = keep(image.cast('uchar'));
  return ok({
    pixels: image.writeToMemory() as Uint8Array,
    outWidth: image.width,
    outHeight: image.height,
    width,
    height,
    seen,
  });
}

const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8;

/** The whole of a picture that was opened smaller, or the square as it is. */
function seenIn({ width, height }: VipsImage, seen: Square, shrink: number): Square {
  return shrink === 1 ? seen : { left: 0, top: 0, width, height };
}

/** As sharp does it: an embedded profile, or CMYK without one, by ICC transform first; the rest is converted after the resize. */
function fromProfile(keep: Keep, image: VipsImage): VipsImage {
  const hasProfile = image.getTypeof('icc-profile-data') !== 0;
  if (hasProfile || image.interpretation === 'cmyk') {
    const depth = image.interpretation === 'rgb16' || image.interpretation === 'grey16' ? 16 : 8;
    const converted = keep(
      image.iccTransform('srgb', {
        embedded: true,
        intent: 'perceptual',
        depth,
        input_profile: image.interpretation === 'cmyk' ? 'cmyk' : 'srgb',
      }),
    );
    return converted;
  }
  return image;
}

function thumbnail(
  vips: VipsModule,
  keep: Keep,
  { bytes, edge, name }: { bytes: Uint8Array; edge: number; name: string },
): Outcome<Jpeg> {
  const header = keep(vips.Image.newFromBuffer(bytes, ''));
  const tooLarge = sizeFault(header.width, header.height, name);
  if (tooLarge) return tooLarge;
  const turned = header.getTypeof('orientation') !== 0 && header.getInt('orientation') > 4;
  let small = keep(vips.Image.thumbnailBuffer(bytes, edge, { height: edge, size: 'down' }));
  if (small.hasAlpha()) small = keep(small.flatten({ background: [255, 255, 255] }));
  const jpeg = small.jpegsaveBuffer({ Q: 82 });
  const [sourceWidth, sourceHeight] = turned ? [header.height, header.width] : [header.width, header.height];
  return ok({ jpeg, width: small.width, height: small.height, sourceWidth, sourceHeight });
}

/** A C++ exception comes out of WebAssembly as no Error: its message is the pair of class and text. */
function wordsOf(error: unknown): Error {
  const message = (error as { message?: unknown } | null)?.message;
  return new Error(
    Array.isArray(message)
      ? message
          .slice(1)
          .join(' ')
          .replace(/^unable to load from buffer\n?/u, '')
      : String(message ?? error),
  );
}
