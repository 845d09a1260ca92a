export { createMover } from './mover.ts';
export type { Mover, MoveRequest, MoverParts, MoveTarget } from './types.ts';
export { nodeHttpExecutor } from './node-executor.ts';
export type { ProxyOf } from './node-executor.ts';
export { proxyFor } from './proxy.ts';
