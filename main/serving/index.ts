export { findServed } from './find.ts';
export type { ModelAsk } from './find.ts';
export { openServing } from './serving.ts';
export type { OpenedServing, ServingOptions } from './serving.ts';
export type * from './types.ts';
