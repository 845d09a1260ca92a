import { basename } from 'node:path';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import type { Manifest } from '../../../contract/manifest.ts';
import { reason } from '../../../contract/reasons.ts';
import type { TensorSpec } from '../../../contract/tensor.ts';
import type { Graph } from '../graph/graph.ts';
import { askedOutputs, onlyLeftOut } from '../graph/left-out.ts';
import { writeCard } from './card.ts';
import { copyModel } from './copy-model.ts';
import type { Decided } from './decide.ts';
import { specOf } from './facts.ts';
import type { Facts } from './facts.ts';
import { readJsonFile } from './json-file.ts';
import { readModel } from './read-model.ts';
import type { BuildRequest } from './request.ts';
import type { Stage } from './stage.ts';

export type Composing = {
  readonly request: BuildRequest;
  readonly graph: Graph;
  readonly facts: Facts;
  readonly decided: Decided;
  readonly stage: Stage;
  /** What links beside the model may lead into, with links followed; absent: the model's own folder. */
  readonly root?: string;
};

/** Copies everything but the golden samples into the stage, and the manifest that says so. */
export async function compose(parts: Composing): Promise<Outcome<Manifest>> {
  const { request, graph, facts, decided, stage } = parts;
  const specs = readSpecs(graph);
  if (!specs.ok) return specs;
  const models = [{ name: request.as, file: request.model }, ...request.variants];
  for (const { file } of models) {
    const own = file === request.model ? ok(graph) : await readModel(request, file);
    if (!own.ok) return own;
    const fit = sameFace(graph, own.value);
    if (!fit.ok) return fit;
    const { cutTails } = request;
    const copied = await copyModel(stage, { file, graph: own.value, root: parts.root, cutTails });
    if (!copied.ok) return copied;
  }
  const evaluation = await readEvaluation(request.evaluation);
  if (!evaluation.ok) return evaluation;
  const { texts, task, labels, preset, preprocessing, postprocessing, threshold } = decided;
  const { source = exportedBy(graph) } = request;
  const embedding = decided.embedding ?? request.embedding;
  const manifest: Manifest = {
    format: 1,
    ...texts,
    task,
    minimumAppVersion: request.minimumApp,
    opset: graph.opsets[''] ?? Math.max(1, ...Object.values(graph.opsets)),
    files: [],
    variants: models.map(({ name, file }) => ({
      name,
      file: basename(file),
      providers: name === 'int8' ? ['cpu'] : [...request.providers],
    })),
    ...specs.value,
    preprocessing: [...preprocessing],
    postprocessing: [...postprocessing],
    ...(embedding === undefined ? {} : { embedding }),
    ...(labels ? { labels: 'labels.json' } : {}),
    ...(threshold === null ? {} : { thresholds: { unsure: threshold, shown: threshold } }),
    card: 'card.md',
    samples: request.samples.map(({ file, title }) => ({ file: `samples/${basename(file)}`, title })),
    ...(evaluation.value ? { evaluation: evaluation.value } : {}),
    provenance: { source },
  };
  const written = [
    labels && (await stage.write('labels.json', json(labels))),
    request.card === undefined
      ? await stage.write(
          'card.md',
          writeCard(manifest, { graph, preset, notes: [...facts.notes, ...decided.notes] }),
        )
      : await stage.copy(request.card, 'card.md'),
    request.licenceFile !== undefined && (await stage.copy(request.licenceFile, 'LICENSE')),
    preset?.caller &&
      preprocessing.length === 0 &&
      (await stage.write(
        'preset.json',
        json({ preset: preset.name, title: preset.title, caller: preset.caller, metadata: graph.metadata }),
      )),
  ];
  for (const { file } of request.samples) written.push(await stage.copy(file, `samples/${basename(file)}`));
  const wrong = written.find((each) => each && !each.ok);
  return wrong && !wrong.ok ? wrong : ok(manifest);
}

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function readSpecs(graph: Graph): Outcome<{ inputs: TensorSpec[]; outputs: TensorSpec[] }> {
  const [inputs, outputs] = [graph.inputs.map(specOf), askedOutputs(graph).map(specOf)];
  const bare = graph.inputs.find(({ kind, shape }) => kind === 'tensor' && shape === null);
  const why = bare
    ? reason('input-without-shape', { name: bare.name })
    : [...inputs, ...outputs].find((spec) => 'code' in spec);
  if (why) return failed('onnx-unfit', { file: graph.file, reason: why });
  if (outputs.length === 0)
    return failed('onnx-unfit', {
      file: graph.file,
      reason: graph.outputs.length === 0 ? reason('gives-nothing') : onlyLeftOut(graph),
    });
  return ok({ inputs: inputs as TensorSpec[], outputs: outputs as TensorSpec[] });
}

/** Every variant takes and gives the same as the first. */
function sameFace(first: Graph, other: Graph): Outcome<void> {
  const face = (each: Graph) =>
    [...each.inputs, ...askedOutputs(each)].map(({ name, type }) => `${name} ${type}`).join(', ');
  return face(first) === face(other)
    ? ok(undefined)
    : failed('onnx-unfit', {
        file: other.file,
        reason: reason('other-face', { own: face(other), first: first.file, face: face(first) }),
      });
}

async function readEvaluation(file: string | undefined): Promise<Outcome<Record<string, unknown> | null>> {
  if (file === undefined) return ok(null);
  const json = await readJsonFile(file);
  if (!json.ok) return json;
  const { value } = json;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? ok(value as Record<string, unknown>)
    : failed('file-unfit', { file: basename(file), reason: reason('not-json-object') });
}

function exportedBy({ producer, file }: Graph): string {
  const by = [producer.name, producer.version].filter(Boolean).join(' ');
  return by === '' ? `ONNX file ${file}.` : `ONNX file ${file}, exported by ${by}.`;
}
