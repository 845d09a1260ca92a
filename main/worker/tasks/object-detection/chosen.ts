import type { Box } from '../../../../contract/pictures/boxes.ts';
import type { BoxesLayout } from '../../../../contract/packs/detection-steps.ts';
import { reason, type Reason } from '../../../../contract/faults/reasons.ts';
import { firstPhoto, isMisfit, type Numbers } from './outputs.ts';
import { fourOf } from './places.ts';

/** A box with the four numbers that the graph gave, and the graph's number of its label. */
export type Row = { readonly index: number; readonly score: number; readonly box: Box };
type Layout<L extends BoxesLayout['layout']> = Extract<BoxesLayout, { layout: L }>;
type Outputs = (name: string) => Numbers;

/** Boxes [N,k,4], scores [N,k] and labels [N,k]; those from `count` on are no boxes. */
export function chosenRows(from: Layout<'chosen'>, outputs: Outputs): readonly Row[] | Reason {
  const boxes = firstPhoto(outputs(from.boxes), 2);
  const scores = firstPhoto(outputs(from.scores), 1);
  const labels = firstPhoto(outputs(from.labels), 1);
  for (const each of [boxes, scores, labels]) if (isMisfit(each)) return each;
  const [b, s, l] = [boxes, scores, labels] as readonly Numbers[];
  const [count = 0, four = 0] = b!.dims;
  if (four !== 4 || s!.dims[0] !== count || l!.dims[0] !== count)
    return reason('boxes-scores-unlike', {
      boxes: from.boxes,
      boxDims: b!.dims.join(' × '),
      scores: s!.dims[0] === count ? from.labels : from.scores,
      scoreDims: (s!.dims[0] === count ? l! : s!).dims.join(' × '),
    });
  const validCount = from.count === undefined ? count : Number(outputs(from.count).data[0]);
  if (!(validCount >= 0)) return reason('boxes-count', { name: from.count ?? '', count: validCount });
  return Array.from({ length: Math.min(count, Math.round(validCount)) }, (_, row) => ({
    index: l!.data[row]!,
    score: s!.data[row]!,
    box: fourOf(b!.data, row * 4, 1),
  }));
}

/** One row for each box. Where a row says which photo it is about, the rows of others are left out. */
export function tableRows({ output, columns }: Layout<'table'>, outputs: Outputs): readonly Row[] | Reason {
  const table = firstPhoto(outputs(output), 2);
  if (isMisfit(table)) return table;
  const { dims, data } = table;
  const [count = 0, width = 0] = dims;
  if (width !== columns.length)
    return reason('boxes-columns-unlike', { name: output, found: width, columns: columns.length });
  const place = (column: (typeof columns)[number]): number => columns.indexOf(column);
  const [picture, score, label] = [place('picture'), place('score'), place('label')];
  const corners = (['box0', 'box1', 'box2', 'box3'] as const).map(place);
  const rows = Array.from({ length: count }, (_, row) => row * width);
  return rows
    .filter((at) => picture < 0 || data[at + picture] === 0)
    .map((at) => ({
      index: label < 0 ? 0 : data[at + label]!,
      score: data[at + score]!,
      box: corners.map((corner) => data[at + corner]!) as unknown as Box,
    }));
}
