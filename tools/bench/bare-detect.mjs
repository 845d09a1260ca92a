// A detector as a short script would run it: decode, fit into the input, run, suppress. Nothing of Outpost is in it.
import { readFile } from 'node:fs/promises';
import { Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

const side = 416;
// Blue, green, red.
const mean = [103.53, 116.28, 123.675];
const deviation = [57.375, 57.12, 58.395];
const [leastScore, mostOverlap, mostContained, mostBoxes] = [0.1, 0.5, 0.6, 100];

/** Boxes of a photo, best first, down to the score that the shipped pack keeps; in pixels of the photo. `look`: as `classify`. */
export async function detect(session, file, look) {
  const bytes = await readFile(file);
  look?.(bytes);
  const options = { failOn: 'truncated', limitInputPixels: false, pages: 1 };
  const { autoOrient, hasAlpha } = await sharp(bytes, options).metadata();
  const scale = Math.min(side / autoOrient.width, side / autoOrient.height);
  const width = Math.max(1, Math.floor(autoOrient.width * scale + 0.5));
  const height = Math.max(1, Math.floor(autoOrient.height * scale + 0.5));
  const [left, top] = [Math.floor((side - width) / 2), Math.floor((side - height) / 2)];
  let image = sharp(bytes, options).autoOrient();
  if (hasAlpha) image = image.flatten({ background: '#ffffff' });
  const pixels = await image
    .toColourspace('srgb')
    // Without it sharp opens a JPEG at a half or a quarter: other pixels, for half of the time.
    .extract({ left: 0, top: 0, width: autoOrient.width, height: autoOrient.height })
    .resize(width, height, { kernel: 'cubic', fit: 'fill', fastShrinkOnLoad: false })
    .raw({ depth: 'uchar' })
    .toBuffer();
  const plane = side * side;
  const input = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel += 1) {
    const [from, less, by] = [2 - channel, mean[channel], deviation[channel]];
    input.fill(-less / by, channel * plane, (channel + 1) * plane);
    for (let row = 0; row < height; row += 1) {
      let to = channel * plane + (top + row) * side + left;
      for (let at = 3 * row * width + from; at < 3 * (row + 1) * width; at += 3)
        input[to++] = (pixels[at] - less) / by;
    }
  }
  const feed = { pixels: new Tensor('float32', input, [1, 3, side, side]) };
  const { boxes, triage } = await session.run(feed, ['boxes', 'triage']);
  return suppressed(boxes.data, triage.data).map(({ label, score, box }) => ({
    label,
    score,
    box: [
      ((box[0] - left) * autoOrient.width) / width,
      ((box[1] - top) * autoOrient.height) / height,
      ((box[2] - left) * autoOrient.width) / width,
      ((box[3] - top) * autoOrient.height) / height,
    ],
  }));
}

function suppressed(boxes, scores) {
  const found = [];
  for (let at = 0; at < scores.length; at += 1)
    if (scores[at] >= leastScore) {
      const place = Math.floor(at / 3);
      found.push({ label: at % 3, score: scores[at], box: boxes.subarray(4 * place, 4 * place + 4) });
    }
  found.sort((a, b) => b.score - a.score);
  const chosen = [];
  for (const one of found) {
    if (chosen.length === mostBoxes) break;
    if (!chosen.some((better) => better.label === one.label && isCovered(better.box, one.box)))
      chosen.push(one);
  }
  return chosen;
}

function isCovered(a, b) {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return false;
  const both = width * height;
  const [first, second] = [(a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1])];
  return both / (first + second - both) > mostOverlap || both / Math.min(first, second) > mostContained;
}
