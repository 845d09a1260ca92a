export { createPredictor } from './predict.ts';
export type { Answer } from './predict.ts';
export { createServed, ranFigures } from './served.ts';
export { createTensorCache } from './tensor-cache/index.ts';
export { createTensors } from './tensors.ts';
