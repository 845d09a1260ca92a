export { about } from './about.ts';
export { buildPack } from './build.ts';
export type { Built } from './build.ts';
export { validateAnswer } from './decide.ts';
export { readGoldenFile } from './golden-file.ts';
export { previewBuild } from './preview-build.ts';
export type { Missing } from './missing.ts';
export { titleOf } from './names.ts';
export { readNpy } from './npy.ts';
export { readModel } from './read-model.ts';
export type { ReadModel } from './read-model.ts';
export { findPreset, presetNames, presets } from './presets.ts';
export { oldestApp, questions } from './request.ts';
export type {
  Answers,
  BuildRequest,
  GoldenInput,
  OpenRunner,
  PackDraft,
  Question,
  Runner,
} from './request.ts';
export { diffPacks } from './diff.ts';
export type { PackDiff } from './diff.ts';
export { inspect, verify } from './inspect.ts';
export type { Inspected } from './inspect.ts';
export { unpack } from './unpack.ts';
