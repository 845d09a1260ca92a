export { batchItems, batchOutcome } from './batch.ts';
export type { BatchItem } from './batch.ts';
export { createRuns } from './runs.ts';
export type { Runs } from './runs.ts';
