import path from 'node:path';
import { createRequire } from 'node:module';
import { root } from '../../setup/paths.mjs';

/** One photo of so many megapixels, 4 : 3, as a camera's JPEG; the detail is that of a real photo. */
async function photo(megapixels) {
  const sharp = createRequire(import.meta.url)('sharp');
  const height = Math.round(Math.sqrt((megapixels * 1e6 * 3) / 4));
  const width = Math.round((height * 4) / 3);
  const tile = await sharp(path.join(root, 'test', 'fixtures', 'photos', 'astronaut.png'))
    .resize(1024, 768, { fit: 'cover' })
    .toBuffer();
  return sharp({ create: { width, height, channels: 3, background: '#808080' } })
    .composite([{ input: tile, tile: true }])
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** float32 [1,3,224,224] with the values of noise; as bytes and as nested lists. */
function pixels() {
  const values = new Float32Array(3 * 224 * 224);
  let seed = 7;
  for (let at = 0; at < values.length; at += 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    values[at] = (seed / 2_147_483_648) * 2 - 1;
  }
  return values;
}

/** Bodies by what they hold: `…Oip` with the head that the Open Inference Protocol has in front of binary tensors, `…Raw` without. */
export async function makeBodies() {
  const values = pixels();
  const planes = [0, 1, 2].map((plane) =>
    Array.from({ length: 224 }, (_, row) => {
      const from = (plane * 224 + row) * 224;
      return Array.from(values.subarray(from, from + 224));
    }),
  );
  const tiny = Float32Array.of(1.5, 2.25, 3.125, 4);
  const pixelsRaw = Buffer.from(values.buffer);
  const tinyRaw = Buffer.from(tiny.buffer);
  const pixelsHead = headOf({ input: 'pixels', output: 'logits', shape: [1, 3, 224, 224] });
  const tinyHead = headOf({ input: 'x', output: 'y', shape: [1, 4] });
  return {
    jpegSmall: await photo(0.8),
    jpeg2: await photo(2),
    jpeg12: await photo(12),
    tinyJson: Buffer.from(JSON.stringify({ instances: [[...tiny]] })),
    tinyRaw,
    tinyOip: Buffer.concat([tinyHead, tinyRaw]),
    tinyHead: tinyHead.byteLength,
    pixelsJson: Buffer.from(JSON.stringify({ instances: [planes] })),
    pixelsOip: Buffer.from(
      JSON.stringify({
        inputs: [{ name: 'pixels', shape: [1, 3, 224, 224], datatype: 'FP32', data: Array.from(values) }],
        outputs: [{ name: 'logits' }],
      }),
    ),
    pixelsRaw,
    pixelsBinary: Buffer.concat([pixelsHead, pixelsRaw]),
    pixelsHead: pixelsHead.byteLength,
  };
}

function headOf({ input, output, shape }) {
  const bytes = 4 * shape.reduce((product, size) => product * size, 1);
  return Buffer.from(
    JSON.stringify({
      inputs: [{ name: input, shape, datatype: 'FP32', parameters: { binary_data_size: bytes } }],
      outputs: [{ name: output, parameters: { binary_data: true } }],
    }),
  );
}
