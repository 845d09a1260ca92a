export { encodeBlockmap, parseBlockmap, sizeOf } from './blockmap.ts';
export type { Blockmap } from './blockmap.ts';
export { buildBlockmap } from './build.ts';
