export { goldenAlone, goldenDevice } from './golden-alone.ts';
export { goldenCases, runGolden } from './golden.ts';
export type { Ask } from './golden.ts';
export { sampleWork } from './samples.ts';
export { largestMagnitude, tensorDistance } from './tensor-distance.ts';
export { asOutcome, startTrial } from './trial.ts';
export type { Trial, TrialParts } from './trial.ts';
