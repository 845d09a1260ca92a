// The ceiling of `outpost serve`: a bare pre-fork server with the same libraries, and nothing that a server needs besides.
//   node server.mjs PORT WORKERS PICTURE_MODEL TINY_MODEL
// POST /predict a JPEG (`?decode=fast`: opened smaller), /tiny {"instances":[[4 numbers]]}, /tiny-binary 4 float32,
// /pixels {"instances":[[[[…]]]]}, /pixels-binary float32 [1,3,224,224].
import cluster from 'node:cluster';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

const [port, workers, pictureModel, tinyModel] = process.argv.slice(2);
if (cluster.isPrimary) startWorkers();
else await serve();

function startWorkers() {
  for (let at = 0; at < Number(workers); at += 1) cluster.fork();
  process.on('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill();
    process.exit();
  });
}

async function serve() {
  sharp.cache(false);
  sharp.concurrency(1);
  const options = {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  const picture = await InferenceSession.create(pictureModel, options);
  const tiny = await InferenceSession.create(tinyModel, options);
  const routes = {
    '/predict': (body) => predict(picture, body, pixelsOf),
    '/predict?decode=fast': (body) => predict(picture, body, pixelsSooner),
    '/tiny': async (body) => {
      const { instances } = JSON.parse(body);
      const outputs = await tiny.run({
        x: tensor(Float32Array.from(instances.flat()), [instances.length, 4]),
      });
      return asJson(outputs[tiny.outputNames[0]]);
    },
    '/tiny-binary': async (body) => {
      const outputs = await tiny.run({ x: tensor(asFloats(body), [1, 4]) });
      return asBytes(outputs[tiny.outputNames[0]]);
    },
    '/pixels': async (body) => {
      const { instances } = JSON.parse(body);
      return asJson(await logitsOf(picture, Float32Array.from(instances.flat(4))));
    },
    '/pixels-binary': async (body) => asBytes(await logitsOf(picture, asFloats(body))),
  };
  createServer((request, response) => {
    const body = Buffer.allocUnsafeSlow(Number(request.headers['content-length'] ?? 0));
    let filled = 0;
    request.on('data', (piece) => {
      piece.copy(body, filled);
      filled += piece.length;
    });
    request.on('end', () => {
      routes[request.url](body).then(
        (answer) => response.end(answer),
        (error) => {
          response.statusCode = 500;
          response.end(String(error));
        },
      );
    });
  }).listen(Number(port), '127.0.0.1');
}

const tensor = (values, dims) => new Tensor('float32', values, dims);
const asFloats = (bytes) => new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
const asBytes = ({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const asJson = ({ data }) => JSON.stringify({ predictions: [[...data]] });

const side = 224;
const plane = side * side;
const share = 0.875;
const readAs = { failOn: 'truncated', limitInputPixels: false, pages: 1 };
const normalized = Float32Array.from({ length: 256 }, (_, value) => (value - 127) / 128);

/** A JPEG's five best labels; hashed, as a server does that knows what it answered before. */
async function predict(session, jpeg, decode) {
  createHash('sha256').update(jpeg).digest('hex');
  const pixels = await decode(jpeg);
  const values = new Float32Array(3 * plane);
  for (let channel = 0, to = 0; channel < 3; channel += 1)
    for (let from = channel; from < 3 * plane; from += 3) values[to++] = normalized[pixels[from]];
  const { data } = await logitsOf(session, values);
  const best = [...data.keys()].sort((a, b) => data[b] - data[a]).slice(0, 5);
  return JSON.stringify({ predictions: best.map((index) => ({ index, logit: data[index] })) });
}

const logitsOf = async (session, values) =>
  (await session.run({ pixels: tensor(values, [1, 3, side, side]) }, ['logits'])).logits;

/** The central square of a photo, from all of its pixels. */
async function pixelsOf(jpeg) {
  const { width, height } = await sharp(jpeg, readAs).metadata();
  const square = Math.floor(share * Math.min(width, height));
  return asPixels(
    sharp(jpeg, readAs)
      .autoOrient()
      .extract({
        left: (width - square + 1) >> 1,
        top: (height - square + 1) >> 1,
        width: square,
        height: square,
      })
      .resize(side, side, { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false }),
  );
}

/** The same square, of a photo that libjpeg opens at a half, a quarter or an eighth. */
async function pixelsSooner(jpeg) {
  const { width, height } = await sharp(jpeg, readAs).metadata();
  const square = Math.floor(share * Math.min(width, height));
  const wide = 2 * Math.round((width * side) / square / 2);
  const high = 2 * Math.round((height * side) / square / 2);
  return asPixels(
    sharp(jpeg, readAs)
      .autoOrient()
      .resize(wide, high, { fit: 'fill', kernel: 'cubic' })
      .extract({ left: (wide - side) >> 1, top: (high - side) >> 1, width: side, height: side }),
  );
}

const asPixels = (picture) => picture.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer();
