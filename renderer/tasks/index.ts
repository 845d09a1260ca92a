import type { ItemTaskId, Result } from '../../contract/tasks/index.ts';
import { extractionView } from './feature-extraction/view.tsx';
import { classificationView } from './image-classification/view.tsx';
import { detectClassifyView } from './detect-classify/view.tsx';
import { detectionView } from './object-detection/view.tsx';
import type { TaskView } from './view.ts';

/** How the window shows results of each task, one line each. */
const views = {
  'image-classification': classificationView,
  'object-detection': detectionView,
  'feature-extraction': extractionView,
  'detect-classify': detectClassifyView,
} as const satisfies { [I in ItemTaskId]: TaskView<Extract<Result, { task: I }>> };

/** The view by which a result names its task. */
export const viewOf = (result: Result): TaskView<Result> => views[result.task] as TaskView<Result>;
