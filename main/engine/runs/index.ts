export { batchItems, batchOutcome } from './batch.ts';
export { createRuns } from './runs.ts';
