import sharp from 'sharp';
import { ok, type Outcome } from '../../contract/faults.ts';
import { withoutBmp } from './bmp.ts';
import { centreSquare, shrinkOf, type DecodeSpec, type Decoder, type Jpeg, type Picture } from './decoder.ts';
import { pictureFault, sizeFault } from './picture-fault.ts';

const options = { failOn: 'truncated', limitInputPixels: false, pages: 1 } as const;

/** Native libvips: for every process but Electron's on Linux, where a second GLib would crash it. */
export function sharpDecoder(): Decoder {
  sharp.cache(false);
  sharp.concurrency(1);
  return { name: 'sharp', decode, thumbnail };
}

async function decode(file: Uint8Array, spec: DecodeSpec, name: string): Promise<Outcome<Picture>> {
  try {
    const bytes = withoutBmp(file);
    const meta = await sharp(bytes, options).metadata();
    const { width, height } = meta.autoOrient;
    const tooLarge = sizeFault(width, height, name);
    if (tooLarge) return tooLarge;
    const seen =
      spec.crop === null ? { left: 0, top: 0, width, height } : centreSquare(width, height, spec.crop);
    const shrink = meta.format === 'jpeg' ? shrinkOf({ width, height }, spec) : 1;
    if (shrink > 1) {
      const small = await decodeSmall(bytes, spec, { width, height, seen });
      return ok({ ...small, width, height, seen });
    }
    const [r, g, b] = spec.background;
    let image = sharp(bytes, options).autoOrient();
    if (meta.hasAlpha) image = image.flatten({ background: { r, g, b } });
    image = image.toColourspace('srgb').extract(seen);
    if (spec.resize)
      image = image.resize(spec.resize.width, spec.resize.height, {
        fit: 'fill',
        kernel: spec.resize.kernel,
        fastShrinkOnLoad: false,
      });
    const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    return ok({ pixels: data, outWidth: info.width, outHeight: info.height, width, height, seen });
  } catch (error) {
    return pictureFault(error, file, name);
  }
}

/**
 * The whole picture at the scale at which its square is what the model sees, so that libvips opens it smaller, then the
 * middle of that. Even sizes keep the two middles on each other.
 */
async function decodeSmall(
  bytes: Uint8Array,
  { resize }: DecodeSpec,
  { width, height, seen }: Pick<Picture, 'width' | 'height' | 'seen'>,
): Promise<Pick<Picture, 'pixels' | 'outWidth' | 'outHeight'>> {
  if (!resize) throw new Error('a picture that is not resized is not opened smaller');
  const even = (size: number): number => 2 * Math.round(size / 2);
  const wide = Math.max(resize.width, even((width * resize.width) / seen.width));
  const high = Math.max(resize.height, even((height * resize.height) / seen.height));
  const { data, info } = await sharp(bytes, options)
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

async function thumbnail(file: Uint8Array, edge: number, name: string): Promise<Outcome<Jpeg>> {
  try {
    const bytes = withoutBmp(file);
    const { autoOrient } = await sharp(bytes, options).metadata();
    const tooLarge = sizeFault(autoOrient.width, autoOrient.height, name);
    if (tooLarge) return tooLarge;
    const image = sharp(bytes, options)
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
  } catch (error) {
    return pictureFault(error, file, name);
  }
}
