import type { IncomingMessage } from 'node:http';
import type { Outcome } from '../../../../contract/faults/faults.ts';
import type { InferResult } from '../../../serving/index.ts';

/** What is known of a request that came to Fastify's routes after it was begun without them. */
type HandedOver = {
  /** When it came, by `performance.now()`. */
  readonly begun: number;
  readonly body: Outcome<Buffer>;
  /** What the model gave, where it ran already: it is counted, and does not run again. */
  readonly result: InferResult | null;
};

const all = new WeakMap<IncomingMessage, HandedOver>();

export const noteHandedOver = (request: IncomingMessage, known: HandedOver): void =>
  void all.set(request, known);

/** Null for a request that Fastify got first. */
export const handedOver = (request: IncomingMessage): HandedOver | null => all.get(request) ?? null;
