import { rawExtensions } from './raw-format.ts';

/** File extensions of supported formats, lower case, without the dot. The content decides what a file is. */
export const pictureExtensions = [
  'jpg',
  'jpeg',
  'jpe',
  'jfif',
  'pjpeg',
  'pjp',
  'mpo',
  'png',
  'webp',
  'tif',
  'tiff',
  'gif',
  'avif',
  'bmp',
  'dib',
] as const;

/** File extensions of unsupported picture formats: such files are opened to name their format. */
const unreadPictureExtensions = [
  'heic',
  'heif',
  'hif',
  'jxl',
  'jp2',
  'j2k',
  'jpf',
  'jpx',
  'jxr',
  'svg',
  ...rawExtensions,
] as const;

const endings = new Set<string>(pictureExtensions);
const allEndings = new Set<string>([...pictureExtensions, ...unreadPictureExtensions]);

/** Whether the extension is that of a supported format, in any case. */
export const isPictureName = (name: string): boolean => endings.has(endingOf(name));

/** Whether the extension is that of a picture, supported or not. */
export const isAnyPictureName = (name: string): boolean => allEndings.has(endingOf(name));

/** Lower case, without the dot; empty for none. */
export function endingOf(name: string): string {
  const point = name.lastIndexOf('.');
  return point > 0 ? name.slice(point + 1).toLowerCase() : '';
}
