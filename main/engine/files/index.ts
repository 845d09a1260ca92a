export { fileFault, hashFile, identify, isSameFile, isSettled } from './input-file.ts';
export { countFiles } from './count-files.ts';
export { createArrivals } from './arrivals.ts';
export type { Arrivals, Arrival } from './arrivals.ts';
export { lookAtFile } from './look-at-file.ts';
export type { SeenPicture } from './look-at-file.ts';
export { walk } from './walk.ts';
export type { Found, WalkPlace } from './walk.ts';
