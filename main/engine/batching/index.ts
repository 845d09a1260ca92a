export { createBatching } from './batching.ts';
export type { Batching } from './batching.ts';
export { createJoining } from './joining.ts';
export { isBatchable } from './rows.ts';
