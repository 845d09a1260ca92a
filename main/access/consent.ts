import { randomBytes } from 'node:crypto';
import { ConsentRequest } from '../../contract/serving/access.ts';
import { fault, ok } from '../../contract/faults/faults.ts';
import { reason } from '../../contract/faults/reasons.ts';
import { onAbort } from '../lib/abort.ts';
import type { Access, Consent, ConsentAnswer } from './types.ts';

const maxPending = 3;
const waitMs = 120_000;

type ConsentParts = {
  readonly access: Pick<Access, 'create'>;
  /** Somebody asks, or waits no more. */
  readonly onChange: () => void;
  readonly waitMs?: number;
};
type Waiting = { readonly request: ConsentRequest; readonly settle: (answer: ConsentAnswer) => void };

/** Programs that wait for a person, few at a time; a token is made only when that person allows it. */
export function createConsent({ access, onChange, waitMs: longestMs = waitMs }: ConsentParts): Consent {
  const waiting = new Map<string, Waiting>();
  return {
    ask: ({ program, models, signal }) => {
      if (waiting.size >= maxPending) return Promise.resolve({ fault: fault('access-busy') });
      if (signal.aborted) return Promise.resolve(null);
      const parsed = ConsentRequest.safeParse({
        id: randomBytes(8).toString('hex'),
        program,
        models,
        at: new Date().toISOString(),
      });
      if (!parsed.success)
        return Promise.resolve({
          fault: fault('request-malformed', { what: 'program', reason: reason('program-unshowable') }),
        });
      const request = parsed.data;
      return new Promise((resolve) => {
        let stopListening = (): void => undefined;
        const settle = (answer: ConsentAnswer): void => {
          clearTimeout(timer);
          stopListening();
          if (waiting.delete(request.id)) onChange();
          resolve(answer);
        };
        const giveUp = (): void => settle(null);
        const timer = setTimeout(giveUp, longestMs);
        waiting.set(request.id, { request, settle });
        stopListening = onAbort(signal, giveUp);
        onChange();
      });
    },
    pending: () => [...waiting.values()].map(({ request }) => request),
    decide: async (id, isAllowed) => {
      const one = waiting.get(id);
      if (!one) return ok(false);
      const { program: name, models } = one.request;
      if (!isAllowed) {
        one.settle({ fault: fault('access-refused', { program: name }) });
        return ok(true);
      }
      // Out of the list at once: a second press must not make a second token.
      waiting.delete(id);
      onChange();
      const made = await access.create({ name, models, isControl: false });
      one.settle(made.ok ? { token: made.value.text } : { fault: made.fault });
      return made.ok ? ok(true) : made;
    },
    close: () => {
      for (const { settle } of waiting.values()) settle(null);
    },
  };
}
