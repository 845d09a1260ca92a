import { areaOf, bestFirst, suppress, toPhoto, type View } from '../../../../contract/pictures/boxes.ts';
import type { BoxesStep, NmsStep } from '../../../../contract/packs/detection-steps.ts';
import type { Labels } from '../../../../contract/packs/labels.ts';
import type { Reason } from '../../../../contract/faults/reasons.ts';
import type { Detection } from '../../../../contract/tasks/detections.ts';
import { readCandidates, type Outputs } from './candidates.ts';
import { isMisfit } from './outputs.ts';

export type DetectionSteps = { readonly boxes: BoxesStep; readonly nms: NmsStep | null };
type Seen = { readonly view: View; readonly input: { readonly width: number; readonly height: number } };

/**
 * From the outputs for one photo to its boxes, best first, in pixels of the photo as a person sees it, down to the
 * step's lowest score. A box that lies in the letterbox's margin alone is none.
 */
export function detectionsOf(
  { boxes: step, nms }: DetectionSteps,
  outputs: Outputs,
  { view, input, labels }: Seen & { readonly labels: Labels },
): readonly Detection[] | Reason {
  const candidates = readCandidates(step, outputs, { input, labelCount: labels.length });
  if (isMisfit(candidates)) return candidates;
  const chosen = nms
    ? suppress(candidates, nms, step.maxBoxes)
    : bestFirst(candidates).slice(0, step.maxBoxes);
  return chosen
    .map(({ index, score, box }) => ({
      index,
      label: labels[index]?.name ?? `label ${index}`,
      score,
      box: toPhoto(box, view).map(rounded) as Detection['box'],
    }))
    .filter(({ box }) => areaOf(box) > 0);
}

/** To a hundredth of a pixel: finer than any detector sees, and short where it is written. */
const rounded = (value: number): number => Math.round(value * 100) / 100;
