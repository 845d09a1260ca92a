export { openServing } from './serving.ts';
export type { OpenedServing, ServingOptions } from './serving.ts';
export type * from './types.ts';
