import { z } from 'zod';
import {
  AccessToken,
  ApiModel,
  ApiReport,
  ApiRequest,
  NewToken,
  ProgramName,
  TokenId,
  TokenRequest,
} from '../serving/access.ts';
import { call } from './call.ts';

const nothing = z.void();
const byToken = z.strictObject({ id: TokenId });

/** Calls of the API page. The API itself is switched by the setting `apiOn`. */
export const accessCalls = {
  'access.report': call({ in: nothing, out: ApiReport, clients: ['window'] }),
  /** Newest first, at most 200. */
  'access.requests': call({ in: nothing, out: z.array(ApiRequest), clients: ['window'] }),
  /** Default versions of the models that may be called. */
  'access.models': call({ in: nothing, out: z.array(ApiModel), clients: ['window'] }),
  'access.create': call({ in: TokenRequest, out: NewToken, clients: ['window'] }),
  'access.rename': call({ in: byToken.extend({ name: ProgramName }), out: AccessToken, clients: ['window'] }),
  'access.revoke': call({ in: byToken, out: AccessToken, clients: ['window'] }),
  /** Undoes a revocation. */
  'access.restore': call({ in: byToken, out: AccessToken, clients: ['window'] }),
  /** A person's decision on a waiting program; false when it no longer waits. */
  'access.decide': call({
    in: z.strictObject({ id: z.string().max(40), isAllowed: z.boolean() }),
    out: z.boolean(),
    clients: ['window'],
  }),
  /** Tries again to listen on the configured address. */
  'access.start': call({ in: nothing, out: nothing, clients: ['window'] }),
  /** Opens a page of the running server in the system's browser. */
  'access.open': call({
    in: z.strictObject({ page: z.enum(['docs', 'openapi.json']) }),
    out: nothing,
    clients: ['window'],
  }),
} as const;
