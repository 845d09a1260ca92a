import {
  computeOperations,
  OperationKind,
} from 'electron-updater/out/differentialDownloader/downloadPlanBuilder.js';
import { blockmapSize } from '../../packs/index.ts';
import type { Blockmap } from '../../packs/index.ts';

/** A piece of the new file, in order: copied from a local file, or downloaded. */
export type Piece =
  | { readonly kind: 'copy'; readonly at: number; readonly from: number; readonly length: number }
  | { readonly kind: 'fetch'; readonly at: number; readonly length: number };
export type Plan = readonly Piece[];

/** Limits beyond which a delta is slower than the full download. */
const mostShare = 0.6;
const mostRanges = 100;
/** A request costs about as much as this many bytes. */
const nearBytes = 32 * 1024;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export const wholePlan = (size: number): Plan => [{ kind: 'fetch', at: 0, length: size }];
export const copyPlan = (from: number, size: number): Plan => [{ kind: 'copy', at: 0, from, length: size }];

/** What to copy and what to download; null when a delta does not pay off or the blockmaps do not match the file. */
export function deltaPlan(from: Blockmap, to: Blockmap, size: number): Plan | null {
  if (blockmapSize(to) !== size || from.files[0].sizes.length === 0) return null;
  const exact = exactPlan(from, to);
  for (let near = nearBytes; near <= size; near *= 2) {
    const plan = joinNear(exact, near);
    if (fetchedBytes(plan) > mostShare * size) return null;
    if (plan.filter(({ kind }) => kind === 'fetch').length <= mostRanges) return plan;
  }
  return null;
}

export const fetchedBytes = (plan: Plan): number =>
  plan.reduce((total, piece) => total + (piece.kind === 'fetch' ? piece.length : 0), 0);

/** The rest of a plan after `done` bytes. */
export function restOf(plan: Plan, done: number): Plan {
  return plan
    .filter(({ at, length }) => at + length > done)
    .map((piece) => {
      const skip = Math.max(0, done - piece.at);
      const rest = { at: piece.at + skip, length: piece.length - skip };
      return piece.kind === 'copy'
        ? { kind: 'copy', from: piece.from + skip, ...rest }
        : { kind: 'fetch', ...rest };
    });
}

function exactPlan(from: Blockmap, to: Blockmap): Plan {
  let at = 0;
  return computeOperations(from as never, to as never, silent).map(({ kind, start, end }) => {
    const piece: Piece =
      kind === OperationKind.COPY
        ? { kind: 'copy', at, from: start, length: end - start }
        : { kind: 'fetch', at, length: end - start };
    at += end - start;
    return piece;
  });
}

/** Merges nearby ranges by downloading the gap between them. */
function joinNear(plan: Plan, near: number): Plan {
  const lastFetch = plan.findLastIndex(({ kind }) => kind === 'fetch');
  const joined: Piece[] = [];
  plan.forEach((piece, index) => {
    const last = joined.at(-1);
    const isJoined =
      last?.kind === 'fetch' &&
      (piece.kind === 'fetch' || (index < lastFetch && gapFrom(plan, index) <= near));
    if (isJoined) joined[joined.length - 1] = { ...last, length: last.length + piece.length };
    else joined.push(piece);
  });
  return joined;
}

function gapFrom(plan: Plan, index: number): number {
  let gap = 0;
  for (let at = index; at < plan.length; at += 1) {
    const piece = plan[at];
    if (piece?.kind !== 'copy') break;
    gap += piece.length;
  }
  return gap;
}
