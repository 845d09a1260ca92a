import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { ok } from '../../../contract/faults/faults.ts';
import type { Digest } from '../../../contract/ids.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';
import { rawTask } from '../../../contract/tasks/index.ts';
import { sha256Of } from '../../lib/sha256.ts';
import { compose, json } from '../build/compose.ts';
import { decide } from '../build/decide.ts';
import { factsOf } from '../build/facts.ts';
import { openStage, slug } from '../build/stage.ts';
import type { Graph } from '../graph/graph.ts';
import { manifestName, parseManifest } from '../manifest.ts';
import type { BareModel } from './read.ts';
import { servingOf } from './triton-config.ts';
import type { TritonConfig } from './triton-config.ts';

/** The oldest version of Outpost that reads such packs. */
const minimumApp = '0.1.0';

type Wrapping = {
  readonly name: string;
  /** The pack's id. */
  readonly id: string;
  readonly model: BareModel;
  readonly graph: Graph;
  readonly labels: string | null;
  readonly config: TritonConfig | null;
  /** The folder of models, resolved: no file outside it is read. */
  readonly root: string;
  /** An empty folder, which becomes the pack. */
  readonly folder: string;
  readonly appVersion: string;
};
export type Wrapped = { readonly manifest: Manifest; readonly digest: Digest };

/**
 * Makes a pack of raw tensors from an ONNX file: specs from the graph, copied with its weights; the source is only
 * read.
 */
export async function wrap(wrapping: Wrapping): Promise<Outcome<Wrapped>> {
  const { name, id, model, graph, labels, config, folder, root, appVersion } = wrapping;
  const facts = factsOf(graph);
  const request = {
    model: model.file,
    out: folder,
    answers: {
      task: rawTask,
      id,
      version: `${model.number}.0.0`,
      title: name.slice(0, 80),
      summary: `The ONNX model ${name.slice(0, 100)}, version ${model.number}, as tensors.`,
      licence: facts.licence ?? 'LicenseRef-unknown',
      ...(labels === null ? {} : { labels }),
    },
    as: 'fp32',
    variants: [],
    providers: ['cpu'],
    golden: [],
    samples: [],
    minimumApp,
    appVersion,
  } as const;
  const decided = await decide(request, facts);
  if (!decided.ok) return decided;
  const stage = openStage(folder, slug(name));
  const composed = await compose({ request, graph, facts, decided: decided.value, stage, root });
  if (!composed.ok) return composed;
  const bytes = Buffer.from(
    json({
      ...openRanks(composed.value, graph),
      ...servingOf(config, { name: name === id ? null : name, number: model.number }),
      files: stage.files(),
    }),
  );
  const parsed = parseManifest(bytes, id, appVersion);
  if (!parsed.ok) return parsed;
  await writeFile(join(folder, manifestName), bytes);
  return ok({
    manifest: parsed.value,
    digest: sha256Of(bytes),
  });
}

/** An output without a shape is not a scalar: its rank is unknown, since nothing was run. */
function openRanks(manifest: Manifest, { outputs }: Graph): Manifest {
  const isOpen = (name: string) => outputs.some((each) => each.name === name && each.shape === null);
  return {
    ...manifest,
    outputs: manifest.outputs.map((each) => (isOpen(each.name) ? { ...each, shape: [-1] } : each)),
  };
}
