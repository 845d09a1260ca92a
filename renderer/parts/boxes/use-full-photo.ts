import { useEffect, useState } from 'react';

/** Most pixels of a copy: 160 MB. Larger panoramas are scaled down. */
const mostPixels = 40e6;

/**
 * A photo in full resolution with its orientation applied, to crop from; null until it is loaded, and when it cannot be
 * read.
 */
export function useFullPhoto(photo: string): ImageBitmap | null {
  const [full, setFull] = useState<ImageBitmap | null>(null);
  useEffect(() => {
    let isCurrent = true;
    let own: ImageBitmap | null = null;
    const load = async (): Promise<void> => {
      const image = new Image();
      image.src = `outpost://photo/${photo}`;
      await image.decode();
      const { naturalWidth: width, naturalHeight: height } = image;
      const scale = Math.min(1, Math.sqrt(mostPixels / (width * height)));
      const size =
        scale < 1 ? { resizeWidth: Math.round(width * scale), resizeHeight: Math.round(height * scale) } : {};
      const bitmap = await createImageBitmap(image, size);
      if (!isCurrent) return bitmap.close();
      own = bitmap;
      setFull(bitmap);
    };
    // The photo itself reports that it cannot be shown.
    load().catch(() => undefined);
    return () => {
      isCurrent = false;
      setFull(null);
      own?.close();
    };
  }, [photo]);
  return full;
}
