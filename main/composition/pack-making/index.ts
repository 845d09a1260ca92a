export { createPackMaking } from './pack-making.ts';
export type { MakingParts, PackMaking, PackWish } from './pack-making.ts';
