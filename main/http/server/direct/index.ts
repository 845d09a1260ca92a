export { createDirect, jsonType, smallReplyBytes } from './direct.ts';
export type { Direct } from './direct.ts';
export type { DirectModel, DirectReply, DirectRequest, DirectRoute } from './types.ts';
export { handedOver } from './handed-over.ts';
