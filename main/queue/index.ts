export { connect } from './connection.ts';
export type { Connection } from './connection.ts';
export { openJobQueue } from './job-queue.ts';
export { parseQueueAddress } from './queue-address.ts';
export type { QueueAddress } from './queue-address.ts';
export { submit } from './submit.ts';
export { openNode } from './work.ts';
