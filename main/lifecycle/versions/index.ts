export { openVersionRegistry } from './version-registry.ts';
export type { VersionRegistry } from './version-registry.ts';
export { stateOf } from './state-of.ts';
export { isHere } from './step.ts';
export type { Move } from './step.ts';
