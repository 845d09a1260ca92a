export { hashFile, identify } from './input-file.ts';
export { walk } from './walk.ts';
export type { Found } from './walk.ts';
