/** Endings of the files that a folder's walk takes for pictures, lower case, without the point. */
export const pictureExtensions = [
  'jpg',
  'jpeg',
  'jpe',
  'png',
  'webp',
  'tif',
  'tiff',
  'gif',
  'avif',
  'bmp',
] as const;

const endings = new Set<string>(pictureExtensions);

/** Whether this name ends as a picture's does; upper and lower case alike. */
export function isPictureName(name: string): boolean {
  const point = name.lastIndexOf('.');
  return point > 0 && endings.has(name.slice(point + 1).toLowerCase());
}
