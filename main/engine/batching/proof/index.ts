export { largestRowBytes, rowBytes, tryJoining } from './proof.ts';
export { makeRowsOf } from './rows-of.ts';
export type { Specimen } from './specimens.ts';
