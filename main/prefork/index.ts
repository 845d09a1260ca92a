export { openArbiter } from './arbiter/arbiter.ts';
export type { Totals, HttpWorkerSetup } from './messages.ts';
export { requestBytesOf } from './shares.ts';
