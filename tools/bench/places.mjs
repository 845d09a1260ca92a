import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../setup/paths.mjs';

export const cores = os.availableParallelism();
const pack = path.join(root, 'models', 'efficientnet-lite0');
export const classifier = {
  id: 'efficientnet-lite0',
  modelFile: path.join(pack, 'efficientnet-lite0.onnx'),
  labelsFile: path.join(pack, 'labels.json'),
};

/** Runs `work` with a temporary folder that is gone afterwards. */
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

/** The value of an outcome; a fault ends the bench with its words. */
export function taken(outcome) {
  if (!outcome.ok) throw new Error(`${outcome.fault.message} [${outcome.fault.code}]`);
  return outcome.value;
}
