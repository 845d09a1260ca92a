import { basename } from 'node:path';
import { failed, ok, whyOf } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { VariantName } from '../../../contract/ids.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';
import type { ScoreKind } from '../../../contract/packs/pack-build.ts';
import { inputDims, layoutOf } from '../../../contract/packs/picture-input.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import type { TensorBytes, TensorSpec } from '../../../contract/tensors/tensor.ts';
import { about } from './about.ts';
import { calledInput, firstRowOf, validateScores } from './validate-scores.ts';
import type { Raw, Scoring, Verdict } from './validate-scores.ts';
import { nameTensors, zeroInputs } from './record.ts';
import type { BuildRequest, Runner } from './request.ts';
import { taskBuildOf } from './tasks/index.ts';

export type Trying = {
  readonly runner: Runner;
  /** Has no softmax: the raw values of the graph are judged. */
  readonly manifest: Manifest;
  readonly request: BuildRequest;
  readonly scoring: Scoring | null;
  readonly labels: number | null;
  /** Outputs of unknown rank. */
  readonly rankless: readonly string[];
};
export type Tried = {
  /** Kind of the values in the score output; null for raw tensors. */
  readonly kind: ScoreKind | null;
  readonly notes: readonly string[];
  /** Observed dimensions of every output; empty when only photos were run. */
  readonly seen: ReadonlyMap<string, readonly number[]>;
};

/** Enough photos to tell a probability distribution from other values. */
const mostPhotos = 8;
/** Sizes to try for free dimensions without an input: some models fail on a side of one. */
const freeSides = [1, 64, 224] as const;

/** Loads and runs each variant with the given photos or tensors, else with zeros. */
export async function tryOnce(trying: Trying): Promise<Outcome<Tried>> {
  const { request, manifest, scoring } = trying;
  const seen = new Map<string, readonly number[]>();
  const notes = new Set<string>();
  let kind: ScoreKind | null = null;
  for (const { name: variant, file } of manifest.variants) {
    const photos = photosOf(request, manifest);
    const rows = photos.length > 0 ? await tryPhotos(trying, photos, variant) : ok<readonly Raw[]>([]);
    if (!rows.ok) return about('golden', rows);
    // Photos show only the scores; the rank of other outputs needs a run with tensors.
    const ran = photos.length === 0 || trying.rankless.length > 0 ? await tryTensors(trying, variant) : null;
    if (ran && !ran.ok) return ran;
    for (const { name, dims } of ran?.value.outputs ?? []) seen.set(name, dims);
    for (const note of ran?.value.notes ?? []) notes.add(note);
    if (!scoring) continue;
    const raw = ran && photos.length === 0 ? rawOf(ran.value.outputs, scoring.output) : rows;
    if (!raw.ok) return failed('onnx-unfit', { file, reason: whyOf(raw.fault) });
    const verdict = validateOutput(raw.value, { ...trying, scoring, variant, kind });
    if (verdict.kind === 'refused')
      return about(verdict.field, failed('onnx-unfit', { file, reason: verdict.reason }));
    kind = verdict.kind;
    if (verdict.note !== undefined) notes.add(verdict.note);
  }
  return ok({ kind, notes: [...notes], seen });
}

/** All variants must give the same kind of values: the manifest has one list of steps for all. */
function validateOutput(
  rows: readonly Raw[],
  {
    scoring,
    labels,
    variant,
    kind,
  }: { scoring: Scoring; labels: number | null; variant: VariantName; kind: ScoreKind | null },
): Verdict {
  const odd = labels === null ? undefined : rows.find(({ values }) => values.length !== labels);
  if (odd)
    return {
      kind: 'refused',
      field: 'labels',
      reason: reason('output-gave-unlike-labels', {
        output: scoring.output,
        values: odd.values.length,
        of: calledInput(odd),
        labels: labels ?? 0,
      }),
    };
  return validateScores(rows, kind === null ? scoring : { ...scoring, stated: kind }, variant);
}

const photosOf = ({ golden, samples }: BuildRequest, { task }: Manifest): readonly string[] => {
  if (!taskBuildOf(task).photos) return [];
  const photos = golden.flatMap((each) => (each.kind === 'picture' ? [each.file] : []));
  return [...photos, ...samples.map(({ file }) => file)].slice(0, mostPhotos);
};

async function tryPhotos(
  { runner, manifest }: Trying,
  photos: readonly string[],
  variant: VariantName,
): Promise<Outcome<readonly Raw[]>> {
  const rows: Raw[] = [];
  for (const photo of photos) {
    const answer = await runner.predict(photo, variant);
    if (!answer.ok) return answer;
    const values = taskBuildOf(manifest.task).photos?.scoresOf(answer.value) ?? null;
    if (values) rows.push({ of: basename(photo), values, isReal: true });
  }
  return ok(rows);
}

type Ran = { readonly outputs: readonly TensorBytes[]; readonly notes: readonly string[] };

async function tryTensors(
  { runner, manifest, request }: Trying,
  variant: VariantName,
): Promise<Outcome<Ran>> {
  const given = request.golden.find((each) => each.kind === 'tensors');
  if (given) {
    const ran = await runner.run(nameTensors(given.tensors, manifest.inputs), variant);
    return ran.ok ? ok({ outputs: ran.value, notes: [] }) : about('golden', ran);
  }
  const inputs = sized(manifest);
  const free = inputs.some(({ shape }) => shape.slice(1).some(isFree));
  let last: Outcome<readonly TensorBytes[]> | null = null;
  for (const side of free ? freeSides : [1]) {
    last = await runner.run(zeroInputs(inputs, side), variant);
    if (last.ok) return ok({ outputs: last.value, notes: free ? [noteOf(inputs, side)] : [] });
  }
  if (!last || last.ok || !free)
    return (last ?? failed('nothing-to-do', { file: request.model })) as Outcome<Ran>;
  const file = manifest.variants.find(({ name }) => name === variant)?.file ?? '';
  return about(
    'golden',
    failed('onnx-untried', { file, sides: freeSides.join(', '), reason: whyOf(last.fault) }),
  );
}

/** Input specs with the sides that the photo preprocessing produces. */
function sized({ inputs, preprocessing }: Manifest): readonly TensorSpec[] {
  const resize = preprocessing.find((step) => step.op === 'resize' || step.op === 'letterbox');
  const layout = layoutOf(preprocessing);
  if (!resize || !layout) return inputs;
  const sides = inputDims(layout, resize);
  return inputs.map((input) =>
    input.name === layout.input
      ? { ...input, shape: input.shape.map((dim, axis) => (isFree(dim) ? (sides[axis] ?? dim) : dim)) }
      : input,
  );
}

const isFree = (dim: number | string): boolean => typeof dim === 'string' || dim < 0;
const noteOf = (inputs: readonly TensorSpec[], side: number): string =>
  `It was tried with zeros, free dimensions (${inputs.flatMap(({ name, shape }) => (shape.slice(1).some(isFree) ? [`${name} ${shape.join(' × ')}`] : [])).join(', ')}) taken as ${side}. With --golden it is tried on real inputs.`;

function rawOf(outputs: readonly TensorBytes[], name: string): Outcome<readonly Raw[]> {
  const tensor = outputs.find((each) => each.name === name);
  const values = tensor && firstRowOf(tensor);
  if (!tensor) return failed('input-invalid', { name, reason: reason('no-output-named', { name }) });
  return ok(values ? [{ of: 'zeros', values, isReal: false }] : []);
}
