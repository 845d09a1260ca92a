export { openArbiter } from './arbiter/arbiter.ts';
export type { Arbiter, ArbiterOptions } from './arbiter/arbiter.ts';
export type { WorkerSetup } from './messages.ts';
