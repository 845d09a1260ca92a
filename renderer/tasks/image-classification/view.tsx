import type { ClassificationResult } from '../../../contract/tasks/image-classification.ts';
import { Seen } from '../../parts/seen.tsx';
import type { TaskView } from '../view.ts';

export const classificationView: TaskView<ClassificationResult> = {
  listed: ({ predictions, labelCount, independent }) => ({
    entries: predictions,
    labelCount,
    isIndependent: independent !== undefined,
  }),
  word: ({ predictions, independent }, above) => {
    const [first, ...others] = independent ? predictions.filter(({ score }) => score >= above) : predictions;
    if (!first) return null;
    return independent && others.length > 0 ? `${first.label} +${others.length}` : first.label;
  },
  heading: () => null,
  packThreshold: ({ independent }) => independent?.threshold ?? null,
  Overlay: Seen,
  overlayKey: 'photo.square',
};
