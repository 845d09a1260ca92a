export { makeCopy } from './make-copy.ts';
