import { readFile } from 'node:fs/promises';
import type { Library } from '../../packs/index.ts';
import { takesPictures } from '../../../contract/tasks/index.ts';
import { goldenCases } from './golden.ts';
import type { Plan } from '../plan.ts';
import type { Work } from '../workers/index.ts';

/** A real input for benchmarks; null when the pack has none. */
export async function sampleWork(library: Library, plan: Plan): Promise<Work | null> {
  const cases = await goldenCases(library, plan);
  for (const one of cases.ok ? cases.value : []) {
    if (one.kind !== 'tensors') return pictureWork(library.fileOf(plan.pack, one.file));
    if (takesPictures(plan.pack.manifest.task)) continue;
    const blobs = await Promise.all(one.inputs.map(({ file }) => readFile(library.fileOf(plan.pack, file))));
    return {
      question: {
        kind: 'run',
        tensors: one.inputs.map(({ name, type, dims }, blob) => ({ name, type, dims, blob })),
      },
      blobs,
    };
  }
  const sample = plan.pack.manifest.samples[0];
  return sample && takesPictures(plan.pack.manifest.task)
    ? pictureWork(library.fileOf(plan.pack, sample.file))
    : null;
}

const pictureWork = (path: string): Work => ({
  question: { kind: 'infer', input: { name: path, source: { kind: 'file', path } }, request: { top: 1 } },
  blobs: [],
});
