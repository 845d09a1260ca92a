import { readFile } from 'node:fs/promises';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { GoldenSet } from '../../../contract/packs/manifest.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import type { GoldenResult } from '../../../contract/packs/model.ts';
import type { Library } from '../../packs/index.ts';
import { itemTaskOf } from '../../../contract/tasks/index.ts';
import type { Comparison } from '../../../contract/tasks/index.ts';
import { tensorDistance } from './tensor-distance.ts';
import type { Plan } from '../plan.ts';
import type { Answered, Question } from '../workers/index.ts';

export type Ask = (question: Question, blobs: readonly Uint8Array[]) => Promise<Outcome<Answered>>;
type Case = GoldenSet['cases'][number];
type PictureCase = Exclude<Case, { kind: 'tensors' }>;
/** JSON has no infinity. */
const farthest = Number.MAX_VALUE;

/** Cases of the pack that apply to this variant. */
export async function goldenCases(
  library: Library,
  { pack, variant }: Plan,
): Promise<Outcome<readonly Case[]>> {
  const set = await library.golden(pack);
  if (!set.ok) return set;
  const cases = set.value?.cases ?? [];
  return ok(
    cases.filter((one) =>
      one.kind === 'tensors'
        ? one.variants.includes(variant.name)
        : one.expected.some((row) => row.variant === variant.name),
    ),
  );
}

export async function runGolden(library: Library, plan: Plan, ask: Ask): Promise<Outcome<GoldenResult>> {
  const cases = await goldenCases(library, plan);
  if (!cases.ok) return cases;
  const results: GoldenResult['cases'] = [];
  for (const one of cases.value) {
    const compared = await compare(library, { plan, one }, ask);
    if (!compared.ok) return compared;
    const { distance, allowed, isRight } = compared.value;
    results.push({ name: one.name, distance: Math.min(distance, farthest), allowed, passed: isRight });
  }
  const passed = results.filter((result) => result.passed).length;
  const { pack, variant, provider } = plan;
  return ok({
    model: pack.ref,
    variant: variant.name,
    provider,
    at: new Date().toISOString(),
    passed,
    total: results.length,
    cases: results,
  });
}

async function compare(
  library: Library,
  { plan, one }: { plan: Plan; one: Case },
  ask: Ask,
): Promise<Outcome<Comparison>> {
  return one.kind === 'tensors'
    ? compareTensors(library, { plan, one }, ask)
    : comparePicture(library, { plan, one }, ask);
}

async function compareTensors(
  library: Library,
  { plan, one }: { plan: Plan; one: Extract<Case, { kind: 'tensors' }> },
  ask: Ask,
): Promise<Outcome<Comparison>> {
  const blobs = await Promise.all(one.inputs.map(({ file }) => readFile(library.fileOf(plan.pack, file))));
  const tensors = one.inputs.map(({ name, type, dims }, blob) => ({ name, type, dims, blob }));
  const answered = await ask({ kind: 'run', tensors }, blobs);
  if (!answered.ok) return answered;
  const { reply, blobs: got } = answered.value;
  if (reply.kind !== 'ran')
    return failed('internal', { reason: reason('odd-reply-to-tensors', { kind: reply.kind }) });
  let worst: Comparison = { distance: 0, allowed: 0, isRight: true };
  for (const { name, type, dims, file, toleranceAbs } of one.outputs) {
    const output = reply.tensors.find((tensor) => tensor.name === name);
    const data = output && got[output.blob];
    const isSameKind = output?.type === type && output.dims.join() === dims.join();
    const distance =
      data && isSameKind
        ? tensorDistance(type, data, await readFile(library.fileOf(plan.pack, file)))
        : Infinity;
    const isRight = distance <= toleranceAbs;
    if (worst.isRight && (!isRight || distance >= worst.distance))
      worst = { distance, allowed: toleranceAbs, isRight };
  }
  return ok(worst);
}

async function comparePicture(
  library: Library,
  { plan, one }: { plan: Plan; one: PictureCase },
  ask: Ask,
): Promise<Outcome<Comparison>> {
  const path = library.fileOf(plan.pack, one.file);
  const top = Math.max(1, plan.labels.length);
  const answered = await ask(
    { kind: 'infer', input: { name: one.file, source: { kind: 'file', path } }, request: { top } },
    [],
  );
  if (!answered.ok) return answered;
  const { reply } = answered.value;
  if (reply.kind !== 'inferred')
    return failed('internal', { reason: reason('odd-reply-to-picture', { kind: reply.kind }) });
  const expected = one.expected.find(({ variant }) => variant === plan.variant.name);
  if (!expected) return ok({ distance: 0, allowed: 0, isRight: true });
  return ok(itemTaskOf(reply.result.task).distance(expected, reply.result));
}
