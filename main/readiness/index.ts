export { createDeparture } from './readiness.ts';
export type * from './types.ts';
