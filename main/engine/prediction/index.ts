export { createPhotoPredictor } from './photo-predictor.ts';
export { createPredictor, storeParts } from './predict.ts';
export type { PredictedRecord } from './predict.ts';
export { createServed } from './served.ts';
export { createTensorCache } from './tensor-cache/index.ts';
export { createTensors } from './tensors.ts';
