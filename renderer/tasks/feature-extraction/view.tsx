import type { ExtractionResult } from '../../../contract/tasks/feature-extraction.ts';
import { Seen } from '../../parts/seen.tsx';
import type { TaskView } from '../view.ts';

/** A vector names nothing: what it is good for stands below it, as photos that are like this one. */
export const extractionView: TaskView<ExtractionResult> = {
  listed: () => ({ entries: [], labelCount: 0 }),
  word: () => null,
  heading: () => null,
  packThreshold: () => null,
  Overlay: Seen,
  overlayKey: 'photo.square',
};
