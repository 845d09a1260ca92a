export { createEngine } from './engine.ts';
export { nodeStartWorker } from './node-worker.ts';
export { openEngine } from './open.ts';
export type { OpenedEngine, OpenEngineOptions } from './open.ts';
export type * from './door.ts';
