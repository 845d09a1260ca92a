export { openArbiter } from './arbiter/arbiter.ts';
export type { Totals, WorkerSetup } from './messages.ts';
export { requestBytesOf } from './shares.ts';
