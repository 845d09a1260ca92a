export { createPackMaking } from './pack-making.ts';
export type { PackMaking } from './pack-making.ts';
export type { PackDraft } from '../../packs/build/index.ts';
