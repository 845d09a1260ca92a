export { watchAccess } from './access-log.ts';
export { acceptAt } from './address/accept-at.ts';
export type { Accepting } from './address/accept-at.ts';
export { listenAt } from './address/listen-at.ts';
export { answerPictures, tooManyPictures } from './answer-pictures.ts';
export type { PictureOptions } from './answer-pictures.ts';
export { digestOf } from './bodies/body-digest.ts';
export { holdInvitations } from './bodies/expect.ts';
export { jsonBytesHeader, takeBodies } from './bodies/take-bodies.ts';
export {
  ByteBudget,
  Share,
  admitRequests,
  defaultRequestMemory,
  holdAnswers,
  shareOf,
  slicesOf,
} from './budget/index.ts';
export { consentRoutes } from './consent/index.ts';
export type { AccessEntry, Caller, HttpContext, HttpLimits, ServingContext, TokenBook } from './context.ts';
export { createDirect, handedOver, jsonType, smallReplyBytes } from './direct/index.ts';
export type { Direct, DirectModel, DirectReply, DirectRequest, DirectRoute } from './direct/index.ts';
export { disconnectSignal, freeDescriptorOf } from './disconnect-signal.ts';
export { createDrain, lateMsOf } from './drain.ts';
export { createGate, installGate } from './gate/index.ts';
export { refuseWhenFull } from './refuse-when-full.ts';
export type { Places } from './refuse-when-full.ts';
export { tokenOf } from './gate/token.ts';
export { defaultHttpLimits } from './limits.ts';
export { mayAskOf } from './may-ask.ts';
export { answerBadUrl, answerErrors } from './refusals/errors.ts';
export { answerUnknown } from './refusals/not-found.ts';
export type { UnknownRoutes } from './refusals/not-found.ts';
export { answerRaw, endWith, lastAnswer } from './refusals/raw-refusals.ts';
export { refuse } from './refusals/refuse.ts';
export { bytesOf, ownCopies, ownText } from './text-threads/own-copy.ts';
export { openTextThreads } from './text-threads/text-threads.ts';
export type { TextThreads } from './text-threads/text-threads.ts';
export type { Bind, ConsentPort, HttpServer, HttpServerOptions, OpenHttpServer } from './types.ts';
