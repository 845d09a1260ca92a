import { countedOf, countLabels } from '../../../contract/tasks/detections.ts';
import type { DetectionResult } from '../../../contract/tasks/object-detection.ts';
import { BoxLayer } from '../../parts/boxes/index.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { countsText } from '../counts-text.ts';
import type { TaskView } from '../view.ts';

type BoxesProps = {
  readonly result: DetectionResult;
  readonly scale: number;
  readonly above: number;
  readonly walked: number | null;
};

/** Boxes from the threshold on, each with its label and score. */
function Boxes({ result, scale, above, walked }: BoxesProps) {
  const numbers = useNumbers();
  const counted = countedOf({ detections: result.detections, threshold: above });
  const boxes = counted.map(({ box, label, score, index }) => ({
    box,
    index,
    caption: `${label} ${numbers.share(score)}`,
  }));
  return <BoxLayer boxes={boxes} photo={result} scale={scale} walked={walked} />;
}

const textOf = ({ detections }: DetectionResult, above: number, language: string): string | null =>
  countsText(countLabels(countedOf({ detections, threshold: above })), language);

export const detectionView: TaskView<DetectionResult> = {
  listed: ({ detections }) => ({
    entries: detections.map(({ index, label, score, box }) => ({ index, id: label, label, score, box })),
    labelCount: null,
  }),
  word: textOf,
  heading: textOf,
  packThreshold: (result) => result.threshold,
  Overlay: Boxes,
  hideKey: 'H',
  overlayKey: 'photo.boxes',
};
