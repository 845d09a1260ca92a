export { createTensorCache } from './tensor-cache.ts';
export type { ResolveTensors } from './tensor-cache.ts';
