import { createRunners } from '../../../main/worker/index.ts';
import { rowWise } from '../../fixtures/row-graphs.ts';
import { writeTensorPack } from '../../fixtures/tensor-pack.ts';
import { newFolder } from '../../temp/folder.ts';
import { openTestServing } from './fixture.ts';
import type { TestServing } from './fixture.ts';

/** An engine with `row-scale` (2 x + 1, rows of four) in this process. */
export function openQuickServing(): Promise<TestServing> {
  const models = newFolder();
  writeTensorPack(models, 'row-scale', rowWise['row-scale']!);
  return openTestServing({
    engine: {
      modelFolders: [models],
      override: { workers: 1, threads: 1 },
      inProcess: { openRunner: createRunners(), onLate: () => undefined },
    },
  });
}

export const predict = '/v1/models/row-scale:predict';
export const infer = '/v2/models/row-scale/infer';
export const rows = JSON.stringify({ instances: [[1, 2, 3, 4]] });

/** A model is known for a quick one by its runs. */
export async function showQuick(url: string): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await fetch(`${url}${predict}`, { method: 'POST', body: rows });
}
