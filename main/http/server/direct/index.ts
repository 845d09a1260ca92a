export { createDirect, jsonType, smallReplyBytes } from './direct.ts';
export type { Direct, DirectModel, DirectReply, DirectRequest, DirectRoute } from './direct.ts';
export { handedOver } from './handed-over.ts';
