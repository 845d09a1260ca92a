export { openEngine } from './open-engine.ts';
export type { OpenedEngine, OpenEngineOptions } from './open-engine.ts';
export { openReadingEngine } from './open-reading-engine.ts';
export type { OpenReadingEngineOptions } from './open-reading-engine.ts';
export { openOutpost } from './open-outpost.ts';
export type { OpenedOutpost, UpdateParts } from './open-outpost.ts';
export { openBuildRunner } from './build-runner.ts';
export type { BuildRunnerParts } from './build-runner.ts';
/** Bare models in the layouts of other servers, as packs. */
export { materialise, namesIn } from '../packs/index.ts';
