export { createPackMaking } from './pack-making.ts';
export type { MakingParts, PackMaking, PackDraft } from './pack-making.ts';
