export { createDeparture } from './departure.ts';
export type * from './types.ts';
