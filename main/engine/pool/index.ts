export type { Priority } from './job.ts';
export { createPools } from './pools.ts';
export type { Pools } from './pools.ts';
export { createShapes, fixedShape } from './shapes.ts';
