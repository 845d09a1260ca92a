import type { Labels } from '../../../contract/packs/labels.ts';
import type { LabelScore } from '../../../contract/packs/labels.ts';

/** exp(x - max) / sum, in double precision. */
export function softmax(logits: ArrayLike<number>): Float64Array {
  let max = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < logits.length; index += 1) max = Math.max(max, logits[index]!);
  const scores = new Float64Array(logits.length);
  let sum = 0;
  for (let index = 0; index < scores.length; index += 1)
    sum += scores[index] = Math.exp(logits[index]! - max);
  for (let index = 0; index < scores.length; index += 1) scores[index]! /= sum;
  return scores;
}

/** 1 / (1 + exp(-x)), each value by itself. */
export const sigmoid = (logits: Float64Array): Float64Array =>
  logits.map((value) => 1 / (1 + Math.exp(-value)));

/** The `keep` highest scores with their labels, highest first; equal scores by index. */
export function topScores(scores: Float64Array, labels: Labels, keep: number): LabelScore[] {
  return indicesOfMost(scores, keep).map((index) => {
    const label = labels[index];
    return {
      index,
      id: label?.id ?? String(index),
      label: label?.name ?? `label ${index}`,
      score: scores[index]!,
    };
  });
}

/** Up to this many, putting each in its place costs less than an order of all. */
const few = 64;

function indicesOfMost(scores: Float64Array, keep: number): readonly number[] {
  if (keep > few)
    return Array.from(scores.keys())
      .sort((a, b) => scores[b]! - scores[a]! || a - b)
      .slice(0, keep);
  const most: number[] = [];
  for (let index = 0; index < scores.length; index += 1) {
    const score = scores[index]!;
    let at = most.length;
    while (at > 0 && score > scores[most[at - 1]!]!) at -= 1;
    if (at === keep) continue;
    most.splice(at, 0, index);
    if (most.length > keep) most.pop();
  }
  return most;
}
