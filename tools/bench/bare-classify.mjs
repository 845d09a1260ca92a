// A classifier as a short script would run it: decode, cut, run, rank. Nothing of Outpost is in it.
import { readFile } from 'node:fs/promises';
import { Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

const edge = 224;

/**
 * The five best labels of a photo; decoded as the model's manifest says: orientation, sRGB, alpha over white, central square, cubic to 224.
 * @param {{ session: import('onnxruntime-node').InferenceSession, labels: readonly { name: string }[] }} model
 * @param {string} file
 * @param {(bytes: Buffer) => void} [look] is handed the file's bytes first
 */
export async function classify({ session, labels }, file, look) {
  const bytes = await readFile(file);
  look?.(bytes);
  const options = { failOn: 'truncated', limitInputPixels: false, pages: 1 };
  const { autoOrient, hasAlpha } = await sharp(bytes, options).metadata();
  const side = Math.floor(0.875 * Math.min(autoOrient.width, autoOrient.height));
  const left = Math.floor((autoOrient.width - side + 1) / 2);
  const top = Math.floor((autoOrient.height - side + 1) / 2);
  let image = sharp(bytes, options).autoOrient();
  if (hasAlpha) image = image.flatten({ background: '#ffffff' });
  const pixels = await image
    .toColourspace('srgb')
    .extract({ left, top, width: side, height: side })
    .resize(edge, edge, { kernel: 'cubic', fit: 'fill', fastShrinkOnLoad: false })
    .raw({ depth: 'uchar' })
    .toBuffer();
  const plane = edge * edge;
  const input = new Float32Array(3 * plane);
  for (let at = 0; at < plane; at += 1) {
    input[at] = (pixels[3 * at] - 127) / 128;
    input[plane + at] = (pixels[3 * at + 1] - 127) / 128;
    input[2 * plane + at] = (pixels[3 * at + 2] - 127) / 128;
  }
  const { logits } = await session.run({ pixels: new Tensor('float32', input, [1, 3, edge, edge]) }, [
    'logits',
  ]);
  return best(logits.data, labels);
}

function best(logits, labels) {
  const most = Math.max(...logits);
  const scores = Float64Array.from(logits, (value) => Math.exp(value - most));
  const sum = scores.reduce((total, value) => total + value, 0);
  return [...scores.keys()]
    .sort((a, b) => scores[b] - scores[a])
    .slice(0, 5)
    .map((index) => ({ index, label: labels[index]?.name, score: scores[index] / sum }));
}
