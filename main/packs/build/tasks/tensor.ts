import type { Recognise } from './task.ts';

/** Tables, models that take no picture, and tasks that Outpost does not have: their tensors go in and out as they are. */
export const recogniseTensor: Recognise = ({ exporter, metadata, picture }) => {
  if (exporter === 'ultralytics')
    return {
      preset: 'yolo',
      note: `The file says its task is "${metadata['task'] ?? 'detect'}". Outpost has no such task yet: the pack is of task "tensor", it takes and gives raw tensors. What a caller must do before and after is in preset.json.`,
    };
  if (exporter === 'skl2onnx') return { preset: 'skl2onnx' };
  return picture ? null : { preset: 'raw' };
};
