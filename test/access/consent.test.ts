import { beforeEach, describe, expect, it } from 'vitest';
import type { TokenRequest } from '../../contract/serving/access.ts';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { reason } from '../../contract/faults/reasons.ts';
import { createConsent } from '../../main/access/index.ts';
import type { Consent } from '../../main/access/index.ts';

let made: TokenRequest[];
let reported: number;
let isFull: boolean;
let consent: Consent;
const open = (waitMs?: number): Consent =>
  createConsent({
    access: {
      create: async (asked) => {
        if (isFull) return failed('store-unavailable', { reason: reason('nothing-written') });
        made.push(asked);
        const at = '2026-11-23T10:00:00.000Z';
        const token = { ...asked, id: '0'.repeat(16), tail: 'abcd', createdAt: at };
        return ok({ text: `outpost_${asked.name}`, token: { ...token, lastUsedAt: null, revokedAt: null } });
      },
    },
    onChange: () => (reported += 1),
    ...(waitMs !== undefined && { waitMs }),
  });
beforeEach(() => {
  made = [];
  reported = 0;
  isFull = false;
  consent = open();
});
const ask = (program: string, signal = new AbortController().signal, models: string[] | null = null) =>
  consent.ask({ program, models, signal });
const first = (): string => consent.pending()[0]!.id;
const codeOf = (answer: Awaited<ReturnType<typeof ask>>): string =>
  answer === null ? 'nobody' : 'fault' in answer ? answer.fault.code : 'token';

describe('a program that asks', () => {
  it('gets a token with what it asked for when a person allows it, never control', async () => {
    const answer = ask('Lab notebook', undefined, ['efficientnet-lite0']);
    expect(consent.pending()).toMatchObject([{ program: 'Lab notebook', models: ['efficientnet-lite0'] }]);
    expect(await consent.decide(first(), true)).toEqual(ok(true));
    expect(await answer).toEqual({ token: 'outpost_Lab notebook' });
    expect(made).toEqual([{ name: 'Lab notebook', models: ['efficientnet-lite0'], isControl: false }]);
    expect(consent.pending()).toEqual([]);
    expect(reported).toBe(2);
  });

  it('gets nothing when it is refused', async () => {
    const answer = ask('Lab notebook');
    await consent.decide(first(), false);
    expect(codeOf(await answer)).toBe('access-refused');
    expect(made).toEqual([]);
  });

  it('that hangs up is no longer shown, and cannot be allowed', async () => {
    const stop = new AbortController();
    const answer = ask('Lab notebook', stop.signal);
    const id = first();
    stop.abort();
    expect(await answer).toBeNull();
    expect(consent.pending()).toEqual([]);
    expect(await consent.decide(id, true)).toEqual(ok(false));
    expect(made).toEqual([]);
  });

  it('waits no longer than it may', async () => {
    consent = open(20);
    expect(await ask('Lab notebook')).toBeNull();
    expect(consent.pending()).toEqual([]);
  });

  it('is not put behind three others', async () => {
    const waiting = ['one', 'two', 'three'].map((name) => ask(name));
    expect(codeOf(await ask('four'))).toBe('access-busy');
    consent.close();
    expect(await Promise.all(waiting)).toEqual([null, null, null]);
  });

  it.each(['', '   ', 'x'.repeat(61), 'two\nlines', 'turn\u202eed', 'zero\u200bwidth'])(
    'has a name that can be shown: %j is not',
    async (name) => {
      expect(codeOf(await ask(name))).toBe('request-malformed');
    },
  );

  it('is allowed once, also when Allow is pressed twice', async () => {
    const answer = ask('Lab notebook');
    const id = first();
    const [one, two] = await Promise.all([consent.decide(id, true), consent.decide(id, true)]);
    expect([one, two]).toEqual([ok(true), ok(false)]);
    expect(codeOf(await answer)).toBe('token');
    expect(made).toHaveLength(1);
  });

  it('is told the same as the person when the token cannot be kept', async () => {
    isFull = true;
    const answer = ask('Lab notebook');
    const decided: Outcome<boolean> = await consent.decide(first(), true);
    expect(decided.ok ? '' : decided.fault.code).toBe('store-unavailable');
    expect(codeOf(await answer)).toBe('store-unavailable');
  });
});
