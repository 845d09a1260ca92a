import { basename } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import type { TensorSpec } from '../../../contract/tensors/tensor.ts';
import type { Graph } from '../graph/graph.ts';
import { askedOutputs, onlyLeftOut, tailsOf } from '../graph/left-out.ts';
import { about } from './about.ts';
import { writeModelCard } from './model-card.ts';
import { copyModel } from './copy-model.ts';
import type { Decided } from './decide.ts';
import { specOf } from './facts.ts';
import type { Facts } from './facts.ts';
import { notesFor, noteText } from './notes.ts';
import { readJsonFile } from './json-file.ts';
import { readModel } from './read-model.ts';
import type { BuildRequest } from './request.ts';
import type { Stage } from './stage.ts';
import { readVariants } from './variants.ts';

type Composing = {
  readonly request: BuildRequest;
  readonly graph: Graph;
  readonly facts: Facts;
  readonly decided: Decided;
  readonly stage: Stage;
  /** The folder that symbolic links beside the model may lead into, resolved; default: the model's own folder. */
  readonly root?: string;
};

/** Copies everything but the golden samples into the stage, and writes the manifest. */
export async function compose(parts: Composing): Promise<Outcome<Manifest>> {
  const { request, graph, facts, decided, stage } = parts;
  const specs = readSpecs(graph);
  if (!specs.ok) return specs;
  const isOutput = checkEmbedding(request, graph);
  if (!isOutput.ok) return isOutput;
  const models = await readVariants(request, graph, (file) => readModel(request, file));
  if (!models.ok) return models;
  for (const { file, graph: own } of models.value) {
    const { cutTails } = request;
    const copied = await copyModel(stage, { file, graph: own, root: parts.root, cutTails });
    if (!copied.ok) return file === request.model ? copied : about('variant', copied);
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
    variants: models.value.map(({ name, file }) => ({
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
          writeModelCard(manifest, {
            graph,
            preset,
            notes: [...notesFor(facts, request.answers), ...decided.notes].map(noteText),
          }),
        )
      : about('card', await stage.copy(request.card, 'card.md')),
    request.licenceFile !== undefined &&
      about('licence-file', await stage.copy(request.licenceFile, 'LICENSE')),
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

export function readSpecs(graph: Graph): Outcome<{ inputs: TensorSpec[]; outputs: TensorSpec[] }> {
  const [inputs, outputs] = [graph.inputs.map(specOf), askedOutputs(graph).map(specOf)];
  const bare = graph.inputs.find(({ kind, shape }) => kind === 'tensor' && shape === null);
  const why = bare
    ? reason('input-without-shape', { name: bare.name })
    : [...inputs, ...outputs].find((spec) => 'code' in spec);
  if (why) return failed('onnx-unfit', { file: graph.file, reason: why });
  if (outputs.length === 0) {
    const nothing = failed('onnx-unfit', {
      file: graph.file,
      reason: graph.outputs.length === 0 ? reason('gives-nothing') : onlyLeftOut(graph),
    });
    return tailsOf(graph).length > 0 ? about('cut-tails', nothing) : nothing;
  }
  return ok({ inputs: inputs as TensorSpec[], outputs: outputs as TensorSpec[] });
}

/** Checked here for a fault that names the option; the manifest's own validation could not. */
export function checkEmbedding({ embedding }: Pick<BuildRequest, 'embedding'>, graph: Graph): Outcome<void> {
  return embedding === undefined || askedOutputs(graph).some(({ name }) => name === embedding)
    ? ok(undefined)
    : about(
        'embedding',
        failed('onnx-unfit', { file: graph.file, reason: reason('no-output-named', { name: embedding }) }),
      );
}

export async function readEvaluation(
  file: string | undefined,
): Promise<Outcome<Record<string, unknown> | null>> {
  if (file === undefined) return ok(null);
  const json = await readJsonFile(file);
  if (!json.ok) return about('evaluation', json);
  const { value } = json;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? ok(value as Record<string, unknown>)
    : about('evaluation', failed('file-unfit', { file: basename(file), reason: reason('not-json-object') }));
}

function exportedBy({ producer, file }: Graph): string {
  const by = [producer.name, producer.version].filter(Boolean).join(' ');
  return by === '' ? `ONNX file ${file}.` : `ONNX file ${file}, exported by ${by}.`;
}
