import type {} from 'fastify';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { Serving } from '../../serving/index.ts';
import type { ByteBudget } from './budget/index.ts';
import type { TextThreads } from './text-threads/text-threads.ts';
import type { HttpLimits } from './limits.ts';

export type { HttpLimits } from './limits.ts';

/** Who asks, as the gate found out. Null models: all. */
export type Caller = {
  /** Name of the token, `loopback` without one. */
  readonly program: string;
  readonly models: readonly string[] | null;
  /** May load, unload and resize. */
  readonly isControl: boolean;
};

export type AccessEntry = {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  readonly program: string | null;
  readonly model: string | null;
  /** Why it was refused or went wrong; null where it did not, and where the connection broke. */
  readonly why: Fault | null;
};

/** What every protocol is given. */
export type ServingContext = {
  readonly serving: Serving;
  readonly budget: ByteBudget;
  readonly limits: HttpLimits;
  readonly appVersion: string;
  /** Null when this caller may ask for the model, else the fault to answer with. */
  readonly mayAsk: (caller: Caller, model: string) => Fault | null;
};
/** What the routes over HTTP are given. */
export type HttpContext = ServingContext & {
  /** Reads and writes large texts beside the event loop. */
  readonly threads: TextThreads;
};

declare module 'fastify' {
  // eslint-disable-next-line -- fastify's way to type what is put on a request
  interface FastifyRequest {
    /** Set by the gate before any route runs. */
    caller: Caller;
    /** The model that was asked, for the access log. */
    askedModel: string | null;
    /** What it was answered with instead of an answer, for the access log. */
    refusal: Fault | null;
  }
}

/** Tokens as the gate asks for them; answered from memory. */
export type TokenBook = {
  /** Null for a token that is not known or was revoked. Compares hashes in constant time. */
  find(token: string): Caller | null;
};
