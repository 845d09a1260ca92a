export { inputOf } from './job.ts';
export type { Priority } from './job.ts';
export { createPools } from './pools.ts';
export type { PoolRequest, Pools, Shape } from './pools.ts';
export { createShapes, fixedShape } from './shapes.ts';
