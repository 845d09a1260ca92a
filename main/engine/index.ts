export { createEngine } from './engine.ts';
export { nodeStartWorker } from './node-worker.ts';
export { openBuildRunner } from './build-runner.ts';
export type { BuildRunnerParts } from './build-runner.ts';
export { openEngine } from './open.ts';
export type { OpenedEngine, OpenEngineOptions } from './open.ts';
export type * from './door.ts';
export { openOutpost } from './outpost.ts';
export type { OpenedOutpost, OpenOutpostOptions, UpdateParts } from './outpost.ts';
export type * from './lifecycle-door.ts';
export type * from './departure-door.ts';
export { openServing } from './serving/index.ts';
export type { OpenedServing, ServingOptions } from './serving/index.ts';
export type * from './serving-door.ts';
/** Bare models in the layouts of other servers, as packs. */
export { materialise, namesIn } from '../packs/index.ts';
