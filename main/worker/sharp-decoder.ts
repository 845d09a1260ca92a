import sharp, { type SharpOptions } from 'sharp';
import type { Rectangle } from '../../contract/pictures/boxes.ts';
import { ok, type Outcome } from '../../contract/faults/faults.ts';
import {
  copyQuality,
  seenOf,
  shrinkOf,
  type DecodeSpec,
  type Decoder,
  type Jpeg,
  type Picture,
  type Pixels,
  type Resize,
} from './decoder.ts';
import { pictureFault, sizeFault } from './picture-fault.ts';
import { openPicture, type PictureFile } from './picture-file.ts';
import { offeredLoaders, samplesFault } from './samples.ts';
import { strictly, type FailOn } from './strictness.ts';
import { proveJpegs } from './tiff-jpegs.ts';

/** Native libvips: for every process but Electron's on Linux, where a second GLib would crash it. */
export function sharpDecoder(): Decoder {
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: [...offeredLoaders] });
  return {
    name: 'sharp',
    decode: (bytes, spec, name) =>
      guarded({ bytes, name }, (file, failOn) => decode(file, spec, { name, failOn })),
    cut,
    encode,
    thumbnail: (bytes, edge, name) =>
      guarded({ bytes, name }, (file, failOn) => thumbnail(file, edge, { name, failOn })),
  };
}

type Context = { readonly name: string; readonly failOn: FailOn };

async function guarded<T>(
  { bytes, name }: { readonly bytes: Uint8Array; readonly name: string },
  work: (file: PictureFile, failOn: FailOn) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const file = openPicture(bytes, name);
  if (!file.ok) return file;
  const proved = await proveJpegs(file.value, name, readRows);
  if (!proved.ok) return proved;
  try {
    return await strictly(file.value, work);
  } catch (error) {
    return pictureFault(error, { ...file.value, bytes, name });
  }
}

const optionsFor = (failOn: FailOn): SharpOptions => ({ failOn, limitInputPixels: false, pages: 1 });

/** All rows of a JPEG, at full size: libvips looks for warnings before each eight of them, and not behind the last. */
async function readRows(jpeg: Uint8Array, failOn: FailOn): Promise<void> {
  const options = optionsFor(failOn);
  await readToTheEnd(jpeg, options, await sharp(jpeg, options).metadata());
}

async function decode(
  file: PictureFile,
  spec: DecodeSpec,
  { name, failOn }: Context,
): Promise<Outcome<Picture>> {
  const options = optionsFor(failOn);
  const { bytes } = file;
  const header = await readHeader(file, options, name);
  if (!header.ok) return header;
  const { width, height, hasAlpha, ...exif } = header.value;
  const { seen, resize } = seenOf({ width, height }, spec);
  const shrink = file.format === 'JPEG' ? shrinkOf({ width, height }, spec) : 1;
  if (shrink > 1) {
    const small = await decodeSmall(file, resize, { width, height, seen, failOn });
    return ok({ ...small, width, height, seen, ...exif });
  }
  const [r, g, b] = spec.background;
  let image = sharp(bytes, options).autoOrient();
  if (hasAlpha) image = image.flatten({ background: { r, g, b } });
  image = image.toColourspace('srgb').extract(seen);
  if (resize)
    image = image.resize(resize.width, resize.height, {
      fit: 'fill',
      kernel: resize.kernel,
      fastShrinkOnLoad: false,
    });
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const { width: outWidth, height: outHeight } = info;
  return ok({ pixels: data, outWidth, outHeight, width, height, seen, ...exif });
}

/** Sides after orientation. */
type Header = Pick<Picture, 'width' | 'height' | 'exif'> & { readonly hasAlpha: boolean };

/**
 * Asking the library opens the picture twice and takes 0.3 ms of processor time and two changes of thread: a JPEG whose
 * markers say it all is not asked about.
 */
async function readHeader(
  { bytes, upright, isSequential }: PictureFile,
  options: SharpOptions,
  name: string,
): Promise<Outcome<Header>> {
  if (upright) {
    const { width, height, exif } = upright;
    return sizeFault(width, height, name) ?? ok({ width, height, hasAlpha: false, ...(exif && { exif }) });
  }
  const meta = await sharp(bytes, options).metadata();
  const { width, height } = meta.autoOrient;
  const refused =
    sizeFault(width, height, name) ??
    samplesFault({ format: meta.depth, interpretation: meta.space, bands: meta.channels }, name);
  if (refused) return refused;
  if (!isSequential) await readToTheEnd(bytes, options, meta);
  return ok({ width, height, hasAlpha: meta.hasAlpha, ...(meta.exif && { exif: meta.exif }) });
}

async function cut(
  { pixels, outWidth, outHeight }: Pixels,
  { left, top, width, height }: Rectangle,
  resize: Resize | null,
): Promise<Pixels> {
  const raw = { width: outWidth, height: outHeight, channels: 3 } as const;
  let image = sharp(pixels, { raw, limitInputPixels: false }).extract({ left, top, width, height });
  if (resize) image = image.resize(resize.width, resize.height, { fit: 'fill', kernel: resize.kernel });
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { pixels: data, outWidth: info.width, outHeight: info.height };
}

const encode = ({ pixels, outWidth, outHeight }: Pixels): Promise<Uint8Array> =>
  sharp(pixels, { raw: { width: outWidth, height: outHeight, channels: 3 }, limitInputPixels: false })
    .jpeg({ quality: copyQuality })
    .toBuffer();

/** sharp reads rows in their order and no further than they are asked for: the last one makes it read them all. */
async function readToTheEnd(
  bytes: Uint8Array,
  options: SharpOptions,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<void> {
  await sharp(bytes, options)
    .extract({ left: 0, top: height - 1, width, height: 1 })
    .raw()
    .toBuffer();
}

/**
 * The whole picture at the scale at which its square is what the model sees, so that libvips opens it smaller, then the
 * middle of that. Even sizes keep the two middles on each other.
 */
async function decodeSmall(
  file: PictureFile,
  resize: Resize | null,
  { width, height, seen, failOn }: Pick<Picture, 'width' | 'height' | 'seen'> & { readonly failOn: FailOn },
): Promise<Pick<Picture, 'pixels' | 'outWidth' | 'outHeight'>> {
  if (!resize) throw new Error('a picture that is not resized is not opened smaller');
  const even = (size: number): number => 2 * Math.round(size / 2);
  // A picture that is seen whole is not cut: its sides stay what they are.
  const [wide, high] = resize.isWhole
    ? [resize.width, resize.height]
    : [
        Math.max(resize.width, even((width * resize.width) / seen.width)),
        Math.max(resize.height, even((height * resize.height) / seen.height)),
      ];
  const { data, info } = await sharp(file.bytes, optionsFor(failOn))
    .autoOrient()
    .resize(wide, high, { fit: 'fill', kernel: resize.kernel })
    .extract({
      left: Math.floor((wide - resize.width) / 2),
      top: Math.floor((high - resize.height) / 2),
      width: resize.width,
      height: resize.height,
    })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { pixels: data, outWidth: info.width, outHeight: info.height };
}

async function thumbnail(file: PictureFile, edge: number, { name, failOn }: Context): Promise<Outcome<Jpeg>> {
  const options = optionsFor(failOn);
  const { autoOrient, depth, space, channels } = await sharp(file.bytes, options).metadata();
  const refused =
    sizeFault(autoOrient.width, autoOrient.height, name) ??
    samplesFault({ format: depth, interpretation: space, bands: channels }, name);
  if (refused) return refused;
  const image = sharp(file.bytes, options)
    .autoOrient()
    .flatten({ background: '#fff' })
    .resize(edge, edge, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb');
  const { data, info } = await image.jpeg({ quality: 82 }).toBuffer({ resolveWithObject: true });
  return ok({
    jpeg: data,
    width: info.width,
    height: info.height,
    sourceWidth: autoOrient.width,
    sourceHeight: autoOrient.height,
  });
}
