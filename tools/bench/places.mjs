import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../setup/paths.mjs';

export const cores = os.availableParallelism();
const pack = path.join(root, 'models', 'efficientnet-lite0');
/** `bars`: what the engine is held to beside a bare loop, in a folder and for one photo. */
export const classifier = {
  id: 'efficientnet-lite0',
  modelFile: path.join(pack, 'efficientnet-lite0.onnx'),
  labelsFile: path.join(pack, 'labels.json'),
  what: '',
  bars: { folder: 0.95, photo: 1.1 },
};
export const detector = {
  id: 'camera-triage',
  modelFile: path.join(root, 'models', 'camera-triage', 'nanodet-g.onnx'),
  isDetector: true,
  what: 'detection, ',
  bars: { folder: 0.92, photo: 1.15 },
};

/** Runs `work` with a temporary folder and removes it. */
export async function withFolder(work) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The inputs of the tensor model's sample. */
export function demoTensors() {
  const file = path.join(root, 'models', 'tensor-demo', 'samples', 'four-rows.json');
  return JSON.parse(readFileSync(file, 'utf8')).inputs;
}

/** The value of an outcome; throws a fault as an error. */
export function taken(outcome) {
  if (!outcome.ok) throw new Error(`${outcome.fault.message} [${outcome.fault.code}]`);
  return outcome.value;
}
