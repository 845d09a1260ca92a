import type { Fault, Outcome } from '../../../../contract/faults/faults.ts';
import type { JoinVerdict } from '../../../../contract/serving/joining.ts';
import { merge, rowLayoutOf } from '../rows.ts';
import { hasRows, isNear, whyNotSame } from './compare.ts';
import type { Outputs } from './compare.ts';
import { isSame, kinds, makeRow, seeded } from './specimens.ts';
import type { Kind, Random, Specimen } from './specimens.ts';

type ProofParts = {
  /** Runs tensors in a worker that nobody else uses. */
  readonly run: (tensors: Specimen) => Promise<Outcome<Outputs>>;
  /** Requests of one row that the model is known to take, golden samples first. */
  readonly known: readonly Specimen[];
  /** What a request looks like; its first dimension does not matter. */
  readonly like: Specimen;
  /** True once the time limit is reached. */
  readonly isOver: () => boolean;
};
/** Null: inconclusive. */
export type Proof = Pick<JoinVerdict, 'kind' | 'reason'> | null;

/** Synthetic pairs that the model must accept for the proof to count. */
const neededPairs = 3;
/** Pairs with two different results: with equal ones, swapped rows would go unnoticed. */
const neededDistinct = 2;
/** How requests are cut in the last trial, in rows. */
const pieces = [1, 2, 3, 2] as const;
const attemptsAtUnequal = 8;

/**
 * Whether rows of different requests may run together: two rows together have to give what each gives alone, in both
 * orders, in every output, for samples that the model brings, requests that came, and several kinds of made-up rows; then
 * several requests of several rows likewise. Faults of the worker itself leave it open.
 */
export async function proveJoining(parts: ProofParts): Promise<Proof> {
  const tally: Tally = { distinct: 0, taken: [], refusal: null };
  for (const [at, row] of parts.known.entries()) {
    const before = parts.known[at - 1];
    if (!before || rowLayoutOf(before) !== rowLayoutOf(row)) continue;
    const ended = await tryPair(parts, [before, row], tally);
    if (ended !== undefined) return ended;
  }
  const random = seeded(0x0ff5e7);
  tally.taken.length = 0;
  for (const kind of kinds) {
    const pair = unequalPair(parts.like, kind, random);
    if (!pair) continue;
    const ended = await tryPair(parts, pair, tally);
    if (ended !== undefined) return ended;
  }
  if (tally.taken.length < 2 * neededPairs)
    return {
      kind: 'unproved',
      reason: `made-up inputs are refused: ${tally.refusal?.message ?? 'all alike'}`,
    };
  if (tally.distinct < neededDistinct)
    return { kind: 'unproved', reason: 'made-up inputs that differ get the same answer' };
  return (await tryPieces(parts, tally.taken)) ?? { kind: 'joinable', reason: 'together as alone' };
}

type Pair = readonly [Specimen, Specimen];
type Tally = {
  distinct: number;
  /** Rows that the model accepted. */
  readonly taken: Specimen[];
  refusal: Fault | null;
};

/** Undefined: no verdict yet. Rows that the model refuses on their own are no evidence. */
async function tryPair(parts: ProofParts, pair: Pair, tally: Tally): Promise<Proof | undefined> {
  const alone: Outputs[] = [];
  for (const row of pair) {
    if (parts.isOver()) return null;
    const answer = await parts.run(row);
    if (!answer.ok) {
      if (isOfWorker(answer.fault)) return null;
      tally.refusal = answer.fault;
      return undefined;
    }
    if (!hasRows(answer.value, 1))
      return { kind: 'mixed', reason: 'one row that is sent does not give one row back' };
    alone.push(answer.value);
  }
  for (const order of [
    [0, 1],
    [1, 0],
  ] as const) {
    const wrong = await whyTogetherIsWrong(parts, {
      requests: order.map((at) => pair[at]!),
      alone: order.map((at) => alone[at]!),
    });
    if (wrong !== undefined) return wrong;
  }
  tally.taken.push(...pair);
  if (alone[0]?.some((tensor, at) => !isNear(tensor, alone[1]![at]!))) tally.distinct += 1;
  return undefined;
}

/** Requests of several rows, joined as they would be under load. */
async function tryPieces(parts: ProofParts, rows: readonly Specimen[]): Promise<Proof | undefined> {
  let next = 0;
  const requests = pieces.map((count) =>
    joined(Array.from({ length: count }, () => rows[next++ % rows.length]!)),
  );
  const alone: Outputs[] = [];
  for (const request of requests) {
    if (parts.isOver()) return null;
    const answer = await parts.run(request);
    if (!answer.ok) return isOfWorker(answer.fault) ? null : { kind: 'mixed', reason: answer.fault.message };
    alone.push(answer.value);
  }
  return whyTogetherIsWrong(parts, { requests, alone });
}

type Joined = { readonly requests: readonly Specimen[]; readonly alone: readonly Outputs[] };

async function whyTogetherIsWrong(
  { run, isOver }: ProofParts,
  { requests, alone }: Joined,
): Promise<Proof | undefined> {
  if (isOver()) return null;
  const together = await run(joined(requests));
  if (!together.ok)
    return isOfWorker(together.fault) ? null : { kind: 'mixed', reason: together.fault.message };
  const rows = requests.map(([first]) => first?.dims[0] ?? 0);
  const reason = whyNotSame(together.value, alone, rows);
  return reason === null ? undefined : { kind: 'mixed', reason };
}

function joined(requests: readonly Specimen[]): Specimen {
  const { tensors, blobs } = merge(requests, 0);
  return tensors.map((tensor, at) => {
    const blob = blobs[at]!;
    return { ...tensor, data: blob instanceof Uint8Array ? blob : Buffer.concat([...blob]) };
  });
}

function unequalPair(like: Specimen, kind: Kind, random: Random): Pair | null {
  const first = makeRow(like, kind, random);
  for (let attempt = 0; attempt < attemptsAtUnequal; attempt += 1) {
    const second = makeRow(like, kind, random);
    if (!isSame(first, second)) return [first, second];
  }
  return null;
}

/** A fault of the worker or the machine says nothing about the rows. */
const isOfWorker = ({ code }: Fault): boolean => code === 'worker-crashed' || code === 'worker-timeout';
