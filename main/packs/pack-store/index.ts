export { openPackStore } from './pack-store.ts';
export type { PackStoreOptions } from './pack-store.ts';
export type { Measure, Receipt, PackStore, StagedPack } from './types.ts';
