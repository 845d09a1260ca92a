import type {} from 'fastify';
import type { Fault } from '../../contract/faults.ts';
import type { Serving } from '../engine/serving-door.ts';
import type { ByteBudget } from './budget/index.ts';

export type HttpLimits = {
  /** Most bytes of a body, as it comes and unpacked. */
  readonly maxBodyBytes: number;
  /** Bytes that all requests and answers under way may hold together; beyond it 503. Null: a part of the memory there is. */
  readonly requestMemoryBytes: number | null;
  readonly maxHeaderBytes: number;
  /** Most tensors of one request. */
  readonly maxTensors: number;
  /** Most elements of one tensor: the product of its shape, checked before anything is allocated. */
  readonly maxElements: number;
  readonly maxJsonDepth: number;
  /** Longest time for one answer. */
  readonly timeoutMs: number;
  /** Longest time to send a whole request, and to stay idle between two. */
  readonly receiveTimeoutMs: number;
  readonly keepAliveMs: number;
};

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
};

/** What each protocol's routes are given. */
export type HttpContext = {
  readonly serving: Serving;
  readonly budget: ByteBudget;
  readonly limits: HttpLimits;
  readonly appVersion: string;
  /** Null when this caller may ask for the model, else the fault to answer with. */
  readonly mayAsk: (caller: Caller, model: string) => Fault | null;
};

declare module 'fastify' {
  // eslint-disable-next-line -- fastify's way to type what is put on a request
  interface FastifyRequest {
    /** Set by the gate before any route runs. */
    caller: Caller;
    /** The model that was asked, for the access log. */
    askedModel: string | null;
  }
}

/** Tokens as the gate asks for them; answered from memory. */
export type TokenBook = {
  /** Null for a token that is not known or was revoked. Compares hashes in constant time. */
  find(token: string): Caller | null;
};
