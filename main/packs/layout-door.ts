export { readLayout } from './layout/read.ts';
export type { BareModel, Layout } from './layout/read.ts';
export { materialise, namesIn } from './layout/materialise.ts';
export type { Materialising } from './layout/materialise.ts';
