import type { Box } from '../../../../contract/pictures/boxes.ts';
import { reason, type Reason } from '../../../../contract/faults/reasons.ts';
import { firstPhoto, isMisfit, type Numbers } from './outputs.ts';

/** All places that a graph looked at, with the score of each label there: the graph chose none. */
export type Places = {
  readonly count: number;
  /** Scores of a place, with that of the background. */
  readonly columns: number;
  readonly box: (place: number) => Box;
  readonly score: (place: number, column: number) => number;
  /** How certain it is that anything is there; null where the graph does not say it apart. */
  readonly objectness: (place: number) => number | null;
};

/** Boxes [N,A,4] and scores [N,A,C]. */
export function apartPlaces(boxOutput: Numbers, scoreOutput: Numbers): Places | Reason {
  const boxes = firstPhoto(boxOutput, 2);
  const scores = firstPhoto(scoreOutput, 2);
  if (isMisfit(boxes)) return boxes;
  if (isMisfit(scores)) return scores;
  const [count = 0, four = 0] = boxes.dims;
  const [rows = 0, columns = 0] = scores.dims;
  if (four !== 4 || rows !== count)
    return reason('boxes-scores-unlike', {
      boxes: boxOutput.name,
      boxDims: boxOutput.dims.join(' × '),
      scores: scoreOutput.name,
      scoreDims: scoreOutput.dims.join(' × '),
    });
  return {
    count,
    columns,
    box: (place) => fourOf(boxes.data, place * 4, 1),
    score: (place, column) => scores.data[place * columns + column]!,
    objectness: () => null,
  };
}

/** Boxes and scores in one output, a row or a column for each place. */
export function joinedPlaces(
  output: Numbers,
  { layout, hasObjectness }: { readonly layout: 'rows' | 'columns'; readonly hasObjectness: boolean },
): Places | Reason {
  const one = firstPhoto(output, 2);
  if (isMisfit(one)) return one;
  const { data, dims } = one;
  const [count = 0, values = 0] = layout === 'rows' ? dims : dims.toReversed();
  const first = hasObjectness ? 5 : 4;
  if (values <= first)
    return reason('boxes-too-few-values', { name: output.name, dims: output.dims.join(' × '), values });
  const [perPlace, perValue] = layout === 'rows' ? [values, 1] : [1, count];
  const at = (place: number, value: number): number => data[place * perPlace + value * perValue]!;
  return {
    count,
    columns: values - first,
    box: (place) => fourOf(data, place * perPlace, perValue),
    score: (place, column) => at(place, first + column),
    objectness: (place) => (hasObjectness ? at(place, 4) : null),
  };
}

export const fourOf = (data: ArrayLike<number>, from: number, stride: number): Box => [
  data[from]!,
  data[from + stride]!,
  data[from + 2 * stride]!,
  data[from + 3 * stride]!,
];
