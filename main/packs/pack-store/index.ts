export { openShelf } from './pack-store.ts';
export type { ShelfOptions } from './pack-store.ts';
export type { Measure, Receipt, Shelf, StagedPack } from './types.ts';
