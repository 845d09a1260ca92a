export { createEngine } from './engine.ts';
export { nodeStartWorker } from './node-worker.ts';
export { openEngine } from './open.ts';
export type { OpenedEngine, OpenEngineOptions } from './open.ts';
export type * from './door.ts';
export { openOutpost } from './outpost.ts';
export type { OpenedOutpost, OpenOutpostOptions, UpdateParts } from './outpost.ts';
export type * from './lifecycle-door.ts';
export type * from './departure-door.ts';
