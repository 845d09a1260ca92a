export { startEarly } from './early-link.ts';
export type { EarlyLink } from './early-link.ts';
export { openMemoryFolder } from './memory-folder.ts';
export { nodeStartWorker } from './node-worker.ts';
export { createSharedWorkers } from './shared-workers.ts';
export { notStarted, workerEnd } from './worker-end.ts';
export type { Answered, Work } from './work.ts';
export { drain, startLink } from './worker-link.ts';
export type { LinkAnswer, LinkEnd, Question, Reply, WorkerLink } from './worker-link.ts';
