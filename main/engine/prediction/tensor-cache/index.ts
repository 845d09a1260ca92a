export { createTensorCache } from './tensor-cache.ts';
export type { AnswerTensors } from './tensor-cache.ts';
