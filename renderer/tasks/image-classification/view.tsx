import type { ClassificationResult } from '../../../contract/tasks/image-classification.ts';
import { Seen } from '../../parts/seen.tsx';
import type { TaskView } from '../view.ts';

export const classificationView: TaskView<ClassificationResult> = {
  listed: ({ predictions, labelCount }) => ({ entries: predictions, labelCount }),
  word: ({ predictions }) => predictions[0]?.label ?? null,
  heading: () => null,
  packThreshold: () => null,
  Overlay: Seen,
  overlayKey: 'photo.square',
};
