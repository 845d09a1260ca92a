import { basename } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { GoldenSet, Manifest } from '../../../contract/packs/manifest.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import { elementBytes } from '../../../contract/tensors/tensor.ts';
import type { ElementType, TensorBytes, TensorSpec } from '../../../contract/tensors/tensor.ts';
import type { GoldenInput, Runner } from './request.ts';
import { measure, slug } from './stage.ts';
import type { Stage } from './stage.ts';
import { toleranceOf } from './tolerance.ts';
import { elementCount } from '../../../contract/tensors/tensor-codec.ts';
import { taskBuildOf } from './tasks/index.ts';

type Case = GoldenSet['cases'][number];
type Tensors = Extract<Case, { kind: 'tensors' }>;
type Recording = {
  readonly runner: Runner;
  readonly stage: Stage;
  readonly manifest: Manifest;
};
/**
 * Deferred copies of files into the stage: until all results are recorded, the stage is the pack that runs, which must
 * not contain unlisted files.
 */
type Later = (() => Promise<Outcome<void>>)[];

/** The results of every variant for the user's golden inputs, in the form of the golden set. */
export async function recordGolden(
  recording: Recording,
  inputs: readonly GoldenInput[],
): Promise<Outcome<readonly Case[]>> {
  const cases: Case[] = [];
  const later: Later = [];
  for (const input of inputs) {
    const recorded =
      input.kind === 'picture'
        ? await recordPicture({ ...recording, later }, input)
        : await recordTensors({ ...recording, later }, input);
    if (!recorded.ok) return recorded;
    cases.push(...recorded.value);
  }
  for (const write of later) {
    const written = await write();
    if (!written.ok) return written;
  }
  return ok(cases);
}

async function recordPicture(
  { runner, stage, manifest, later }: Recording & { readonly later: Later },
  { name, file }: Extract<GoldenInput, { kind: 'picture' }>,
): Promise<Outcome<readonly Case[]>> {
  const { photos } = taskBuildOf(manifest.task);
  if (!photos)
    return failed('task-mismatch', {
      model: manifest.id,
      task: manifest.task,
      input: reason('name', { name: basename(file) }),
    });
  // A sample that is also a golden input is stored once.
  const known = stage.find((await measure(file)).sha256);
  const place = known ?? `golden/${basename(file)}`;
  if (!known) later.push(() => stage.copy(file, place));
  const answers = [];
  for (const { name: variant } of manifest.variants) {
    const answer = await runner.predict(file, variant);
    if (!answer.ok) return answer;
    answers.push({ variant, result: answer.value });
  }
  return ok([photos.goldenCase({ name, file: place }, answers)]);
}

async function recordTensors(
  { runner, stage, manifest, later }: Recording & { readonly later: Later },
  { name, tensors: given }: Extract<GoldenInput, { kind: 'tensors' }>,
): Promise<Outcome<readonly Tensors[]>> {
  const tensors = nameTensors(given, manifest.inputs);
  const place = `golden/${slug(name)}`;
  const keep = (rows: readonly Placed[]) =>
    later.push(
      ...rows.map(
        ({ row, data }) =>
          () =>
            stage.write(row.file, data),
      ),
    );
  const inputs = placeTensors(place, tensors);
  keep(inputs);
  const cases: Tensors[] = [];
  for (const { name: variant } of manifest.variants) {
    const answer = await runner.run(tensors, variant);
    if (!answer.ok) return answer;
    const outputs = placeTensors(`${place}-${variant}`, answer.value);
    keep(outputs);
    cases.push({
      kind: 'tensors',
      name: manifest.variants.length > 1 ? `${name} (${variant})` : name,
      inputs: inputs.map(({ row }) => row),
      outputs: outputs.map(({ row }, at) => ({
        ...row,
        toleranceAbs: toleranceOf(answer.value[at]!, variant),
      })),
      variants: [variant],
    });
  }
  return ok(cases);
}

type Placed = { readonly row: Tensors['inputs'][number]; readonly data: Uint8Array };

function placeTensors(place: string, tensors: readonly TensorBytes[]): readonly Placed[] {
  return tensors.map(({ name, type, dims, data }, at) => {
    // Two tensor names, such as `output:0` and `output_0`, may give the same file name.
    const isTaken = tensors.slice(0, at).some((each) => slug(each.name) === slug(name));
    const file = `${place}-${slug(name)}${isTaken ? `-${at}` : ''}.${ending[type]}`;
    return { row: { name, type, dims: [...dims], file }, data };
  });
}

/** A tensor without a name is assigned to the only input. */
export function nameTensors(
  tensors: readonly TensorBytes[],
  inputs: readonly TensorSpec[],
): readonly TensorBytes[] {
  const only = inputs.length === 1 ? inputs[0] : undefined;
  return tensors.map((each) => (each.name === '' && only ? { ...each, name: only.name } : each));
}

/** Zeros for every input, with one item and free dimensions of `side`: enough to check that a model loads and runs. */
export function zeroInputs(specs: readonly TensorSpec[], side: number): readonly TensorBytes[] {
  return specs.map(({ name, type, shape }) => {
    const dims = shape.map((dim, axis) =>
      typeof dim === 'number' && dim >= 0 ? dim : axis === 0 ? 1 : side,
    );
    const count = elementCount(dims);
    // An empty string is encoded as its length, four zero bytes.
    return { name, type, dims, data: new Uint8Array(count * (type === 'string' ? 4 : elementBytes[type])) };
  });
}

const ending: Readonly<Record<ElementType, string>> = {
  float32: 'f32',
  float64: 'f64',
  float16: 'f16',
  bfloat16: 'bf16',
  int8: 'i8',
  uint8: 'u8',
  int16: 'i16',
  uint16: 'u16',
  int32: 'i32',
  uint32: 'u32',
  int64: 'i64',
  uint64: 'u64',
  bool: 'bool',
  string: 'text',
};
