import Vips from 'wasm-vips';
import type { Rectangle } from '../../contract/pictures/boxes.ts';
import { ok, type Outcome } from '../../contract/faults/faults.ts';
import {
  centreSquare,
  copyQuality,
  seenOf,
  shrinkOf,
  type DecodeSpec,
  type Decoder,
  type Jpeg,
  type Picture,
  type Pixels,
  type Resize,
  type Rgb,
  type Square,
} from './decoder.ts';
import { pictureFault, sizeFault } from './picture-fault.ts';
import { openPicture, type PictureFile } from './picture-file.ts';
import { offeredLoaders, samplesFault } from './samples.ts';
import { strictly, type FailOn } from './strictness.ts';
import { proveJpegs } from './tiff-jpegs.ts';

type VipsModule = Awaited<ReturnType<typeof Vips>>;
type VipsImage = InstanceType<VipsModule['Image']>;

/** libvips as WebAssembly: no native part, so it is safe in Electron on Linux. Works on the calling thread. */
export async function vipsDecoder(): Promise<Decoder> {
  const vips = await Vips({
    dynamicLibraries: ['vips-heif.wasm'],
    // What is wrong with a picture stands in its fault; each line of it on stderr would fill a log.
    preRun: (module) => void (module.ENV['VIPS_WARNING'] = '0'),
  });
  vips.Cache.max(0);
  vips.concurrency(1);
  vips.operationBlock('VipsForeignLoad', true);
  for (const loader of offeredLoaders) vips.operationBlock(loader, false);
  return {
    name: 'wasm-vips',
    decode: (bytes, spec, name) =>
      guarded(vips, { bytes, name }, (keep, context) => decode(vips, keep, { ...context, spec })),
    cut: async (from, part, resize) => cut(vips, { from, part, resize }),
    encode: async (from) => encode(vips, from),
    thumbnail: (bytes, edge, name) =>
      guarded(vips, { bytes, name }, (keep, context) => thumbnail(vips, keep, { ...context, edge })),
  };
}

/** libvips gathers what it says until something fails: what earlier pictures left there is thrown away by a failure, 0.2 ms. */
function forgetMessages(vips: VipsModule): void {
  try {
    vips.Image.newFromBuffer(noPicture).delete();
  } catch {
    // As was meant.
  }
}
const noPicture = new Uint8Array(4);

type Keep = (image: VipsImage) => VipsImage;
type Access = 'random' | 'sequential';
type Context = {
  readonly file: PictureFile;
  readonly name: string;
  readonly failOn: FailOn;
  readonly access: Access;
};
type Work<T> = (keep: Keep, context: Context) => Outcome<T>;

async function guarded<T>(
  vips: VipsModule,
  { bytes, name }: { readonly bytes: Uint8Array; readonly name: string },
  work: Work<T>,
): Promise<Outcome<T>> {
  const file = openPicture(bytes, name);
  if (!file.ok) return file;
  const proved = await proveJpegs(file.value, name, async (jpeg, failOn) => readRows(vips, jpeg, failOn));
  if (!proved.ok) return proved;
  await Promise.resolve();
  try {
    return await strictly(file.value, async (opened, failOn) => {
      // Of the attempt before.
      forgetMessages(vips);
      const context = { file: opened, name, failOn };
      try {
        return freed((keep) => work(keep, { ...context, access: 'random' }));
      } catch (error) {
        if (!opened.isSequential) throw error;
        // As sharp reads it: what is damaged below the rows that are asked for is no fault. Slower, since rows change threads.
        return freed((keep) => work(keep, { ...context, access: 'sequential' }));
      }
    });
  } catch (error) {
    return pictureFault(error, { ...file.value, bytes, name });
  }
}

/** All rows of a JPEG, kept nowhere. */
function readRows(vips: VipsModule, jpeg: Uint8Array, failOn: FailOn): void {
  forgetMessages(vips);
  const image = vips.Image.jpegloadBuffer(jpeg, { fail_on: failOn, access: 'sequential' });
  try {
    image.avg();
  } finally {
    image.delete();
  }
}

/** Frees every image that was made on the way, whatever happens. */
function freed<T>(work: (keep: Keep) => T): T {
  const made: VipsImage[] = [];
  try {
    return work((image) => {
      made.push(image);
      return image;
    });
  } finally {
    for (const image of made.toReversed()) image.delete();
  }
}

function decode(
  vips: VipsModule,
  keep: Keep,
  { file, spec, name, failOn, access }: Context & { readonly spec: DecodeSpec },
): Outcome<Picture> {
  const { bytes } = file;
  const loaded = keep(vips.Image.newFromBuffer(bytes, '', { fail_on: failOn, access }));
  const refused = sizeFault(loaded.width, loaded.height, name) ?? samplesFault(loaded, name);
  if (refused) return refused;
  const turned = upright(keep, loaded);
  const { width, height } = turned;
  const { seen, resize } = seenOf({ width, height }, spec);
  const shrink = file.format === 'JPEG' ? shrinkOf({ width, height, spare: 2 }, spec) : 1;
  const opened =
    shrink === 1
      ? turned
      : upright(keep, keep(vips.Image.jpegloadBuffer(bytes, { fail_on: failOn, access, shrink })));
  let image = fromProfile(keep, opened);
  if (image.hasAlpha()) image = keep(image.flatten({ background: backgroundOf(image, spec.background) }));
  const square =
    shrink === 1 || spec.crop === null
      ? seenIn(image, seen, shrink)
      : centreSquare(image.width, image.height, spec.crop);
  image = keep(image.crop(square.left, square.top, square.width, square.height));
  if (resize) image = scaled(keep, image, resize);
  image = keep(image.colourspace('srgb'));
  if (image.format !== 'uchar') image = keep(image.cast('uchar'));
  return ok({
    pixels: image.writeToMemory() as Uint8Array,
    outWidth: image.width,
    outHeight: image.height,
    width,
    height,
    seen,
    ...(loaded.getTypeof('exif-data') !== 0 && { exif: Uint8Array.from(loaded.getBlob('exif-data')) }),
  });
}

const scaled = (keep: Keep, image: VipsImage, { width, height, kernel }: Resize): VipsImage =>
  keep(image.resize(width / image.width, { vscale: height / image.height, kernel }));

type Part = { readonly from: Pixels; readonly part: Rectangle; readonly resize: Resize | null };

function cut(vips: VipsModule, { from, part, resize }: Part): Pixels {
  return freed((keep) => {
    const whole = keep(
      vips.Image.newFromMemory(from.pixels, from.outWidth, from.outHeight, 3, vips.BandFormat.uchar),
    );
    const { left, top, width, height } = part;
    const image = keep(keep(whole.copy({ interpretation: 'srgb' })).crop(left, top, width, height));
    const sized = resize ? scaled(keep, image, resize) : image;
    return { pixels: sized.writeToMemory() as Uint8Array, outWidth: sized.width, outHeight: sized.height };
  });
}

function encode(vips: VipsModule, { pixels, outWidth, outHeight }: Pixels): Uint8Array {
  return freed((keep) => {
    const whole = keep(vips.Image.newFromMemory(pixels, outWidth, outHeight, 3, vips.BandFormat.uchar));
    return keep(whole.copy({ interpretation: 'srgb' })).jpegsaveBuffer({ Q: copyQuality });
  });
}

/** As sharp does it: 8 bits become the upper 8 of 16. */
function backgroundOf({ interpretation }: VipsImage, colour: Rgb): number[] {
  const scale = interpretation === 'rgb16' || interpretation === 'grey16' ? 256 : 1;
  return colour.map((value) => value * scale);
}

/** Turning asks for rows out of their order, so all of them are decoded first. */
function upright(keep: Keep, image: VipsImage): VipsImage {
  const orientation = image.getTypeof('orientation') === 0 ? 1 : image.getInt('orientation');
  return orientation === 1 ? image : keep(keep(image.copyMemory()).autorot());
}

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
  { file, edge, name, failOn }: Context & { readonly edge: number },
): Outcome<Jpeg> {
  const { bytes } = file;
  const header = keep(vips.Image.newFromBuffer(bytes, '', { fail_on: failOn }));
  const refused = sizeFault(header.width, header.height, name) ?? samplesFault(header, name);
  if (refused) return refused;
  const turned = header.getTypeof('orientation') !== 0 && header.getInt('orientation') > 4;
  let small = keep(vips.Image.thumbnailBuffer(bytes, edge, { height: edge, size: 'down', fail_on: failOn }));
  if (small.hasAlpha()) small = keep(small.flatten({ background: backgroundOf(small, [255, 255, 255]) }));
  // What the photo says of its place and its owner is not for who gets a small picture of it.
  const jpeg = small.jpegsaveBuffer({ Q: 82, keep: 'icc' });
  const [sourceWidth, sourceHeight] = turned ? [header.height, header.width] : [header.width, header.height];
  return ok({ jpeg, width: small.width, height: small.height, sourceWidth, sourceHeight });
}
