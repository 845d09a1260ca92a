export { hashFile, identify, isSameFile, isSettled } from './input-file.ts';
export { scout } from './scout.ts';
export { walk } from './walk.ts';
export type { Found } from './walk.ts';
