import { rawExtensions } from './raw-format.ts';

/** Endings of files in the formats that are read, lower case, without the point. A file's bytes decide what it is. */
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

/** Endings of pictures in formats that are not read: who meets one opens it to say what it is. */
export const unreadPictureExtensions = [
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

/** Whether this name ends as that of a picture in a format that is read; upper and lower case alike. */
export const isPictureName = (name: string): boolean => endings.has(endingOf(name));

/** Whether this name ends as a picture's does, in a format that is read or in one that is not. */
export const isAnyPictureName = (name: string): boolean => allEndings.has(endingOf(name));

/** Lower case, without the point; empty where there is none. */
export function endingOf(name: string): string {
  const point = name.lastIndexOf('.');
  return point > 0 ? name.slice(point + 1).toLowerCase() : '';
}
