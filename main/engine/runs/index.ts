export { predictItems, toPredictionOutcome } from './predict-items.ts';
export type { ItemOutcome } from './predict-items.ts';
export { createRuns } from './runs.ts';
export type { Runs } from './runs.ts';
