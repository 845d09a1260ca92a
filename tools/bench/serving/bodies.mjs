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

export async function makeBodies() {
  const values = pixels();
  const planes = [0, 1, 2].map((plane) =>
    Array.from({ length: 224 }, (_, row) => {
      const from = (plane * 224 + row) * 224;
      return Array.from(values.subarray(from, from + 224));
    }),
  );
  const head = Buffer.from(
    JSON.stringify({
      inputs: [
        {
          name: 'pixels',
          shape: [1, 3, 224, 224],
          datatype: 'FP32',
          parameters: { binary_data_size: values.byteLength },
        },
      ],
      outputs: [{ name: 'logits', parameters: { binary_data: true } }],
    }),
  );
  return {
    jpeg2: await photo(2),
    jpeg12: await photo(12),
    tiny: Buffer.from('{"instances":[[1.5,2.25,3.125,4]]}'),
    pixelsJson: Buffer.from(JSON.stringify({ instances: [planes] })),
    pixelsOip: Buffer.from(
      JSON.stringify({
        inputs: [{ name: 'pixels', shape: [1, 3, 224, 224], datatype: 'FP32', data: Array.from(values) }],
        outputs: [{ name: 'logits' }],
      }),
    ),
    pixelsBinary: Buffer.concat([head, Buffer.from(values.buffer)]),
    pixelsHead: head.byteLength,
  };
}
