import { readFile } from 'node:fs/promises';
import type { TensorBytes } from '../../../../contract/tensors/tensor.ts';
import { goldenCases, asOutcome, startTrial } from '../../golden/index.ts';
import type { Plan } from '../../plan.ts';
import type { Trial, TrialParts } from '../../golden/index.ts';
import { ranOf } from '../run.ts';
import { proveJoining } from './prove.ts';
import type { Proof } from './prove.ts';
import { makeRowsOf } from './rows-of.ts';
import type { Specimen } from './specimens.ts';
import { elementCount } from '../../../../contract/tensors/tensor-codec.ts';

type JoiningTrial = {
  /** Names, types and shapes of a request. */
  readonly like: Specimen;
  /** Rows sampled from real requests. */
  readonly seen: readonly Specimen[];
  readonly signal: AbortSignal;
};

/** Time limit of a proof in milliseconds, and the largest row in bytes that one is tried with. */
const longestMs = 30_000;
export const largestRowBytes = 16 * 1024 ** 2;
const mostGoldenRows = 4;

/**
 * Operators whose output may depend on values that no sample contains: data-dependent shapes, branches, randomness.
 * Samples prove nothing about them.
 */
const unprovable: ReadonlySet<string> = new Set([
  'Bernoulli',
  'Compress',
  'If',
  'Loop',
  'Multinomial',
  'NonMaxSuppression',
  'NonZero',
  'RandomNormal',
  'RandomNormalLike',
  'RandomUniform',
  'RandomUniformLike',
  'Scan',
  'Unique',
]);

/** Runs the proof in a separate worker: a crash there affects no request and is not counted. */
export async function tryJoining(
  parts: TrialParts,
  plan: Plan,
  { like, seen, signal }: JoiningTrial,
): Promise<Proof> {
  const operators = await parts.library.operators(plan.pack, plan.variant);
  // The file could not be read now.
  if (!operators.ok) return null;
  const blind = operators.value.find((name) => unprovable.has(name));
  if (blind !== undefined)
    return { kind: 'unproved', reason: `what ${blind} gives depends on more than samples show` };
  const until = AbortSignal.any([signal, AbortSignal.timeout(longestMs)]);
  const trial = await startTrial(parts, plan, { threads: 1, signal: until });
  try {
    if (!asOutcome(trial.loaded).ok) return null;
    return await proveJoining({
      run: (tensors) => runIn(trial, tensors),
      known: [...(await goldenRows(parts, plan)), ...seen],
      like,
      isOver: () => until.aborted,
    });
  } finally {
    trial.end();
  }
}

async function runIn(trial: Trial, tensors: Specimen) {
  const answer = asOutcome(
    await trial.ask(
      { kind: 'run', tensors: tensors.map(({ name, type, dims }, blob) => ({ name, type, dims, blob })) },
      tensors.map(({ data }) => data),
    ),
  );
  if (!answer.ok) return answer;
  const ran = ranOf(answer.value);
  return ran.ok ? { ok: true as const, value: ran.value.tensors } : ran;
}

/** Rows of the pack's own samples that are tensors. */
async function goldenRows({ library }: TrialParts, plan: Plan): Promise<readonly Specimen[]> {
  const cases = await goldenCases(library, plan);
  const rows: Specimen[] = [];
  for (const one of cases.ok ? cases.value : []) {
    if (one.kind !== 'tensors' || rows.length >= mostGoldenRows) continue;
    const tensors: TensorBytes[] = [];
    for (const { name, type, dims, file } of one.inputs)
      tensors.push({ name, type, dims, data: await readFile(library.fileOf(plan.pack, file)) });
    rows.push(...(makeRowsOf(tensors, mostGoldenRows - rows.length) ?? []));
  }
  return rows;
}

/** An estimate for strings, assuming that they are short. */
export const rowBytes = (like: Specimen): number =>
  like.reduce((sum, { dims }) => sum + 8 * elementCount(dims.slice(1)), 0);
