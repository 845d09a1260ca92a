export { holdAnswers } from './answers.ts';
export { ByteBudget, Share } from './budget.ts';
export { admitRequests, bytesPerRequest, isUnanswered, shareOf } from './connections.ts';
export type { ConnectionUse, Exchange, TakeExchange } from './connections.ts';
export { defaultRequestMemory } from './default-limit.ts';
export { slicesOf } from './slices.ts';
