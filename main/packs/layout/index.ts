export { readLayout } from './read.ts';
export type { BareModel, Layout } from './read.ts';
export { materialise, namesIn } from './materialise.ts';
