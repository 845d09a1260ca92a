import type { Recognise } from './task.ts';

/** Most graphs of classifiers look like others of one input and one output: only who says so is recognised. */
export const recogniseImageClassification: Recognise = ({ exporter, metadata }) =>
  exporter === 'ultralytics' && metadata['task'] === 'classify' ? { preset: 'yolo-classify' } : null;
