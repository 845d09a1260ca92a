export { bytesDigest } from './key.ts';
export { createTensorCache } from './tensor-cache.ts';
export type { AnswerTensors } from './tensor-cache.ts';
