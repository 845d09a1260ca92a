import { countedOf, countLabels, countText } from '../../../contract/tasks/detections.ts';
import type { DetectionResult } from '../../../contract/tasks/object-detection.ts';
import { BoxLayer } from '../../parts/boxes/index.ts';
import { useNumbers } from '../../parts/numbers.tsx';
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

/** `5 animals`; a label's plural is known in its own language alone. */
const countsOf = ({ detections }: DetectionResult, above: number, language: string): readonly string[] =>
  countLabels(countedOf({ detections, threshold: above })).map((count) =>
    language.startsWith('en') ? countText(count) : `${count.count} × ${count.label}`,
  );

export const detectionView: TaskView<DetectionResult> = {
  listed: ({ detections }) => ({
    entries: detections.map(({ index, label, score, box }) => ({ index, id: label, label, score, box })),
    labelCount: null,
  }),
  word: (result, above, language) => countsOf(result, above, language).join(', ') || null,
  heading: (result, above, language) => countsOf(result, above, language).join(', ') || null,
  packThreshold: (result) => result.threshold,
  Overlay: Boxes,
  hideKey: 'H',
  overlayKey: 'photo.boxes',
};
