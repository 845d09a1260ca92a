import { useEffect, useRef } from 'react';

type PixelsProps = {
  readonly width: number;
  readonly height: number;
  /** 8-bit RGB, row by row. */
  readonly pixels: Uint8Array;
  readonly label: string;
};

/** A picture as the model gets it; small ones are enlarged without smoothing. */
export function Pixels({ width, height, pixels, label }: PixelsProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const drawing = canvas.current?.getContext('2d');
    if (!drawing) return;
    const image = drawing.createImageData(width, height);
    for (let from = 0, to = 0; from < pixels.length; from += 3, to += 4) {
      image.data[to] = pixels[from]!;
      image.data[to + 1] = pixels[from + 1]!;
      image.data[to + 2] = pixels[from + 2]!;
      image.data[to + 3] = 255;
    }
    drawing.putImageData(image, 0, 0);
  }, [width, height, pixels]);
  return (
    <canvas
      ref={canvas}
      className="pixels"
      width={width}
      height={height}
      role="img"
      aria-label={label}
      style={{ aspectRatio: `${width} / ${height}` }}
    />
  );
}
