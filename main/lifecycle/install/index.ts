export { getVersion } from './get.ts';
export type { GetHooks } from './get.ts';
export { hereOf } from './here.ts';
export { installLocal, previewFile } from './local.ts';
export { sourceOf } from './source.ts';
