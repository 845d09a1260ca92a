import { labelOf } from '../../../contract/tasks/detect-classify.ts';
import type { DetectClassifyResult, NamedDetection } from '../../../contract/tasks/detect-classify.ts';
import type { DetectionResult } from '../../../contract/tasks/object-detection.ts';
import { detectionView } from '../object-detection/view.tsx';
import type { TaskView } from '../view.ts';

type Caption = (detection: NamedDetection, unsure: number) => string;

/** The boxes as a detector's, in the colours of their groups, each with the caption that it is given. */
function asDetections(
  { detections, unsure, width, height, threshold }: DetectClassifyResult,
  captionOf: Caption,
): DetectionResult {
  return {
    task: 'object-detection',
    width,
    height,
    threshold,
    detections: detections.map((each) => ({
      index: each.index,
      label: captionOf(each, unsure),
      score: each.score,
      box: each.box,
    })),
  };
}

/** `Egyptian cat` where that is sure, else `animal`: what is counted. */
const shortCaption: Caption = (detection, unsure) => labelOf(detection, unsure).label;

/** `animal (Egyptian cat 74 %)`: the score that stands behind it is the group's, and the name has one of its own. */
const fullCaption: Caption = (detection, unsure) => {
  const { label, score } = labelOf(detection, unsure);
  return label === detection.label ? label : `${detection.label} (${label} ${Math.round(score * 100)} %)`;
};

export const detectClassifyView: TaskView<DetectClassifyResult> = {
  listed: (result) => detectionView.listed(asDetections(result, fullCaption)),
  word: (result, above, language) => detectionView.word(asDetections(result, shortCaption), above, language),
  heading: (result, above, language) =>
    detectionView.heading(asDetections(result, shortCaption), above, language),
  packThreshold: ({ threshold }) => threshold,
  Overlay: ({ result, ...shown }) => (
    <detectionView.Overlay result={asDetections(result, fullCaption)} {...shown} />
  ),
  hideKey: 'H',
  overlayKey: 'photo.boxes',
};
