export { connectLifecycle, lateHooks } from './connect.ts';
export { followVersions } from './follow-versions.ts';
export { sourceOf } from './install/index.ts';
export type * from './types.ts';
