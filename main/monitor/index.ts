export { createMeter } from './meter.ts';
export type * from './types.ts';
