/** Making packs out of bare model files, for whoever runs models. */
export { about } from './build/about.ts';
export { buildPack } from './build/build.ts';
export { readGoldenFile } from './build/golden-file.ts';
export { lookAt } from './build/look.ts';
export { titleOf } from './build/names.ts';
export { oldestApp } from './build/request.ts';
export type { BuildRequest, GoldenInput, OpenRunner } from './build/request.ts';
export { readGraph } from './graph/read.ts';
export type { Graph } from './graph/graph.ts';
