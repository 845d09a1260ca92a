export { openPackStore } from './pack-store.ts';
export type { Measure, Receipt, PackStore, StagedPack } from './types.ts';
