export { getMissingParts, getVersion } from './get.ts';
export type { GetHooks } from './get.ts';
export { machineFactsOf } from './machine-facts.ts';
export { installLocal, previewFile } from './local.ts';
export { sourceOf } from './source.ts';
