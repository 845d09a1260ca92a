import type { Box, Candidate, Size } from '../../../../contract/pictures/boxes.ts';
import type { BoxesStep } from '../../../../contract/packs/detection-steps.ts';
import { reason, type Reason } from '../../../../contract/faults/reasons.ts';
import { chosenRows, tableRows, type Row } from './chosen.ts';
import { isMisfit, type Numbers } from './outputs.ts';
import { apartPlaces, joinedPlaces, type Places } from './places.ts';

export type Outputs = (name: string) => Numbers;

/**
 * Every box that scores at least `minScore`, in pixels of the input, in the order of the graph; its label as the
 * manifest counts them. A `Reason` when the outputs have not the form that the step says, or hold no numbers.
 */
export function readCandidates(
  step: BoxesStep,
  outputs: Outputs,
  { input, labelCount }: { readonly input: Size; readonly labelCount: number },
): readonly Candidate[] | Reason {
  const asBox = boxReader(step, input);
  const found = read(step, outputs, labelCount);
  if (isMisfit(found)) return found;
  const all = found.map(({ box, ...rest }) => ({ ...rest, box: asBox(box) }));
  const odd = all.find(({ box }) => !box.every(Number.isFinite));
  return odd ? reason('boxes-nan', { label: odd.index }) : all;
}

function read(step: BoxesStep, outputs: Outputs, labelCount: number): readonly Row[] | Reason {
  const { from } = step;
  switch (from.layout) {
    case 'apart':
      return fromPlaces(apartPlaces(outputs(from.boxes), outputs(from.scores)), step, labelCount);
    case 'rows':
    case 'columns':
      return fromPlaces(joinedPlaces(outputs(from.output), from), step, labelCount);
    case 'chosen':
      return onlyKnown(chosenRows(from, outputs), step, labelCount);
    case 'table':
      return onlyKnown(tableRows(from, outputs), step, labelCount);
  }
}

/** Boxes that the graph chose, with its numbers of labels. Rows that fill up to a fixed number score nothing. */
function onlyKnown(
  rows: readonly Row[] | Reason,
  step: BoxesStep,
  labelCount: number,
): readonly Row[] | Reason {
  if (isMisfit(rows)) return rows;
  if (rows.some(({ score }) => Number.isNaN(score))) return reason('boxes-scores-nan');
  const scored = rows
    .map((row) => ({ ...row, score: probability(row.score, step), index: row.index - step.firstLabel }))
    .filter(({ score }) => score >= step.minScore);
  const unknown = scored.find(({ index }) => !(Number.isInteger(index) && index >= 0 && index < labelCount));
  return unknown
    ? reason('boxes-label-unknown', { number: unknown.index + step.firstLabel, labels: labelCount })
    : scored;
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
const probability = (value: number, { scores }: BoxesStep): number =>
  scores === 'sigmoid' ? sigmoid(value) : value;

/** Scores of every label at every place that was looked at. */
function fromPlaces(places: Places | Reason, step: BoxesStep, labelCount: number): readonly Row[] | Reason {
  if (isMisfit(places)) return places;
  const { background, minScore, perPlace } = step;
  const first = background === 'first' ? 1 : 0;
  const labels = places.columns - (background === undefined ? 0 : 1);
  if (labels !== labelCount) return reason('boxes-labels-unlike', { found: labels, labels: labelCount });
  const rows: Row[] = [];
  const scores = new Float64Array(places.columns);
  for (let place = 0; place < places.count; place += 1) {
    if (!readScores(places, place, { step, scores })) return reason('boxes-scores-nan');
    const best = perPlace === 'best' ? indexOfMost(scores, first, labels) : null;
    for (let label = best ?? 0; label <= (best ?? labels - 1); label += 1) {
      const score = scores[first + label]!;
      if (score >= minScore) rows.push({ index: label, score, box: places.box(place) });
    }
  }
  return rows;
}

/** Fills `scores` with probabilities; false where one is no number, since a comparison with it has no order. */
function readScores(
  places: Places,
  place: number,
  { step, scores }: { readonly step: BoxesStep; readonly scores: Float64Array },
): boolean {
  let most = Number.NEGATIVE_INFINITY;
  for (let label = 0; label < scores.length; label += 1) {
    const value = places.score(place, label);
    if (Number.isNaN(value)) return false;
    scores[label] = probability(value, step);
    most = Math.max(most, value);
  }
  if (step.scores === 'softmax') {
    let sum = 0;
    for (let label = 0; label < scores.length; label += 1)
      sum += scores[label] = Math.exp(scores[label]! - most);
    for (let label = 0; label < scores.length; label += 1) scores[label]! /= sum;
  }
  const whole = places.objectness(place);
  if (whole === null) return true;
  const factor = probability(whole, step);
  for (let label = 0; label < scores.length; label += 1) scores[label]! *= factor;
  return !Number.isNaN(factor);
}

function indexOfMost(scores: Float64Array, first: number, count: number): number {
  let best = 0;
  for (let label = 1; label < count; label += 1)
    if (scores[first + label]! > scores[first + best]!) best = label;
  return best;
}

/** From the four numbers of a box to its sides in pixels of the input. */
function boxReader({ corners, unit }: BoxesStep, { width, height }: Size): (four: Box) => Box {
  const [x, y] = unit === 'share' ? [width, height] : [1, 1];
  switch (corners) {
    case 'left-top-right-bottom':
      return ([left, top, right, bottom]) => [left * x, top * y, right * x, bottom * y];
    case 'top-left-bottom-right':
      return ([top, left, bottom, right]) => [left * x, top * y, right * x, bottom * y];
    case 'centre-size':
      return ([cx, cy, w, h]) => [(cx - w / 2) * x, (cy - h / 2) * y, (cx + w / 2) * x, (cy + h / 2) * y];
    case 'left-top-size':
      return ([left, top, w, h]) => [left * x, top * y, (left + w) * x, (top + h) * y];
  }
}
