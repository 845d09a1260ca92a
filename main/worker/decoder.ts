import type { Outcome } from '../../contract/faults/faults.ts';
import { fitWhole, type Rectangle, type Size } from '../../contract/pictures/boxes.ts';
import type { PreprocessingStep } from '../../contract/packs/picture-steps.ts';

export type Rgb = readonly [number, number, number];
export type DecodeSpec = {
  /** A JPEG may be opened at a smaller size, as long as what the model sees keeps all of its pixels. */
  readonly isFast?: boolean;
  readonly background: Rgb;
  /** Share of the shorter side that the centre square takes; null keeps the whole picture. */
  readonly crop: number | null;
  readonly resize: Resize | null;
};
/**
 * `isWhole`: the sides keep their proportions, and the picture becomes as large as fits into `width` × `height`.
 * `isLimit`: so, and a picture that fits already stays as it is.
 */
export type Resize = Extract<PreprocessingStep, { op: 'resize' }> & {
  readonly isWhole?: boolean;
  readonly isLimit?: boolean;
};
export type Square = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};
/** `pixels`: RGB, 8 bits, row-major, `outWidth` × `outHeight`. Sizes in pixels after orientation. */
export type Picture = {
  readonly pixels: Uint8Array;
  readonly outWidth: number;
  readonly outHeight: number;
  readonly width: number;
  readonly height: number;
  readonly seen: Square;
  /** The EXIF block of the file, where it has one that the library finds. */
  readonly exif?: Uint8Array;
};
export type Pixels = Pick<Picture, 'pixels' | 'outWidth' | 'outHeight'>;
export type Jpeg = {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly sourceWidth: number;
  readonly sourceHeight: number;
};

/** Turns the bytes of a picture file into pixels. Adapters built on the same libvips give the same bytes. */
export type Decoder = {
  readonly name: 'sharp' | 'wasm-vips';
  decode(bytes: Uint8Array, spec: DecodeSpec, name: string): Promise<Outcome<Picture>>;
  /** A part of decoded pixels, scaled as `decode` does it; `resize` null leaves the part as large as it is. */
  cut(from: Pixels, part: Rectangle, resize: Resize | null): Promise<Pixels>;
  /** As a JPEG of good quality, without any words about it. */
  encode(pixels: Pixels): Promise<Uint8Array>;
  thumbnail(bytes: Uint8Array, edge: number, name: string): Promise<Outcome<Jpeg>>;
};

/** Of JPEGs that are made of photos for people to keep. */
export const copyQuality = 92;
export const megapixelLimit = 268;

/**
 * The whole factor, 1, 2, 4 or 8, at which libjpeg may shrink a picture while it opens it, when what the model sees keeps
 * `spare` times its pixels a side.
 */
export function shrinkOf(
  { width, height, spare = 1 }: Size & { readonly spare?: number },
  spec: DecodeSpec,
): number {
  const { seen, resize } = seenOf({ width, height }, spec);
  if (!spec.isFast || !resize) return 1;
  const most = Math.min(seen.width / resize.width, seen.height / resize.height) / spare;
  return [8, 4, 2].find((factor) => factor <= most) ?? 1;
}

/** What of a picture the model sees, in its pixels, and the very size that this is brought to; null leaves it as it is. */
export function seenOf(
  { width, height }: Size,
  { crop, resize }: DecodeSpec,
): { readonly seen: Square; readonly resize: Resize | null } {
  const seen = crop === null ? { left: 0, top: 0, width, height } : centreSquare(width, height, crop);
  if (!resize?.isWhole) return { seen, resize };
  if (resize.isLimit && seen.width <= resize.width && seen.height <= resize.height)
    return { seen, resize: null };
  const placed = fitWhole(seen, resize, 'centre');
  return { seen, resize: { ...resize, width: placed.width, height: placed.height } };
}

/** side = floor(fraction × min(w, h)), left = floor((w - side + 1) / 2), top likewise. */
export function centreSquare(width: number, height: number, fraction: number): Square {
  const side = Math.max(1, Math.floor(fraction * Math.min(width, height)));
  return {
    left: Math.floor((width - side + 1) / 2),
    top: Math.floor((height - side + 1) / 2),
    width: side,
    height: side,
  };
}
