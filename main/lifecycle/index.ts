export { connectLifecycle, lateHooks } from './connect.ts';
export { sourceOf } from './install/index.ts';
export type * from './types.ts';
