// Writes golden/golden.json and manifest.json of models/camera-names from the files beside them. `--check` compares only.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { json, listFiles, settle } from './pack.mjs';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'models/camera-names');
/** Answers of an independent program: test/fixtures/golden/named_boxes.py. */
const reference = JSON.parse(readFileSync(join(root, 'test/fixtures/golden/named-boxes.json'), 'utf8'));

const samples = [
  { file: 'samples/sheet.jpg', title: 'Two people and two animals' },
  { file: 'samples/chelsea.jpg', title: 'A cat' },
  { file: 'samples/raccoon.jpg', title: 'A raccoon' },
];

settle([
  [join(folder, 'golden/golden.json'), () => json({ cases: samples.map(goldenCase) })],
  [join(folder, 'manifest.json'), () => json(manifest())],
]);

function manifest() {
  return {
    format: 1,
    id: 'camera-names',
    version: '1.0.0',
    title: 'Camera names',
    summary: 'Finds animals, people and vehicles on a photo, and gives the animals names where it is sure.',
    task: 'detect-classify',
    licence: 'Apache-2.0',
    minimumAppVersion: '0.1.0',
    files: listFiles(folder),
    variants: [
      { name: 'fp32', providers: ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] },
      { name: 'int8', providers: ['cpu'], note: 'Names in int8; boxes are found as in fp32.' },
    ],
    inputs: [],
    outputs: [],
    parts: [
      { role: 'detector', pack: 'camera-triage', versions: '^1.0.0' },
      { role: 'classifier', pack: 'efficientnet-lite0', versions: '^1.0.0' },
    ],
    postprocessing: [reference.step],
    thresholds: { unsure: reference.step.unsure, shown: reference.threshold },
    card: 'card.md',
    golden: 'golden/golden.json',
    samples,
    provenance: {
      source: 'camera-triage finds, efficientnet-lite0 names; both are packs of their own.',
      made: 'Margin, limits and the range of labels were chosen on the photos that the card lists.',
    },
  };
}

/** Another way of scaling moves a score of a box by up to 0.08, and one of a name by up to 0.15: its photo is small. */
function goldenCase({ file, title }) {
  const { detections, names } = reference.answers[file.replace('samples/', '')];
  return {
    kind: 'named-boxes',
    name: title,
    file,
    expected: ['fp32', 'int8'].map((variant) => ({
      variant,
      threshold: reference.threshold,
      detections,
      toleranceAbs: 0.08,
      near: 0.1,
      overlap: 0.7,
      names: names[variant],
      nameToleranceAbs: 0.15,
    })),
  };
}
