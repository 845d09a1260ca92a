import type { Labels } from '../../../contract/labels.ts';
import type { LabelScore } from '../../../contract/labels.ts';

/** exp(x - max) / sum, in double precision. */
export function softmax(logits: ArrayLike<number>): Float64Array {
  let max = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < logits.length; index += 1) max = Math.max(max, logits[index]!);
  const scores = Float64Array.from(logits, (value) => Math.exp(value - max));
  const sum = scores.reduce((total, value) => total + value, 0);
  return scores.map((value) => value / sum);
}

/** 1 / (1 + exp(-x)), each value by itself. */
export const sigmoid = (logits: Float64Array): Float64Array =>
  logits.map((value) => 1 / (1 + Math.exp(-value)));

/** The `keep` highest scores with their labels, highest first; equal scores by index. */
export function topScores(scores: Float64Array, labels: Labels, keep: number): LabelScore[] {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
  return order.slice(0, keep).map((index) => {
    const label = labels[index];
    return {
      index,
      id: label?.id ?? String(index),
      label: label?.name ?? `label ${index}`,
      score: scores[index]!,
    };
  });
}
