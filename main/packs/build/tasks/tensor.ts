import { basename } from 'node:path';
import { failed, ok } from '../../../../contract/faults/faults.ts';
import { reason } from '../../../../contract/faults/reasons.ts';
import { about } from '../about.ts';
import { chooseScores } from '../scores.ts';
import type { TaskBuild } from './task.ts';

const task = 'tensor';

/** Models whose tensors are passed through unchanged. */
export const buildTensor: TaskBuild = {
  // Tables, models without picture input, and detectors, which the user can choose to build as detection packs.
  recognise: ({ exporter, metadata, picture }) => {
    if (exporter === 'ultralytics') {
      const stated = metadata['task'] ?? 'detect';
      return {
        preset: 'yolo',
        note:
          stated === 'detect'
            ? reason('file-states-detector', { stated, raw: task, photos: 'object-detection' })
            : reason('file-states-other-task', { stated, raw: task }),
      };
    }
    if (exporter === 'skl2onnx') return { preset: 'skl2onnx' };
    return picture?.isCertain ? null : { preset: 'raw' };
  },
  asks: () => [],
  read: ({ model, embedding }, { candidates }, labels) => {
    const fit =
      labels === null || candidates.length === 0
        ? null
        : chooseScores(candidates, { labels: labels.length, embedding });
    if (fit?.kind === 'none')
      return about('labels', failed('onnx-unfit', { file: basename(model), reason: fit.reason }));
    const ending = { postprocessing: [], scoring: null, threshold: null };
    return ok({ scored: null, ending, own: () => ending });
  },
  forms: [],
  photos: null,
};
