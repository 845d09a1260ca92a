export { readLayout } from './read.ts';
export { materialise, namesIn } from './materialise.ts';
