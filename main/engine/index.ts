export type * from './checking.ts';
export { createEngine } from './engine.ts';
export { countFiles, hashFile, identify, walk } from './files/index.ts';
export type { Found } from './files/index.ts';
export type { EngineHooks, Observation } from './hooks.ts';
export type { EngineInternals } from './internals.ts';
export { deviceName, offeredProviders } from './providers/index.ts';
export type * from './types.ts';
export { nodeStartWorker, openMemoryFolder, startEarly } from './workers/index.ts';
