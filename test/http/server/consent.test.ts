import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConsent } from '../../../main/access/index.ts';
import type { Consent } from '../../../main/access/index.ts';
import { ok } from '../../../contract/faults/faults.ts';
import { consentRoutes } from '../../../main/http/server/consent/index.ts';
import { askLimit } from '../../../main/http/server/consent/limit.ts';
import type { HttpContext } from '../../../main/http/server/context.ts';

let app: FastifyInstance;
let consent: Consent;
let address: string;
/** What the window does: it decides as soon as somebody asks. */
let decide: (id: string) => void;

async function open(waitMs = 10_000): Promise<void> {
  consent = createConsent({
    access: {
      create: (asked) => {
        const at = '2026-11-23T10:00:00.000Z';
        const token = { ...asked, id: '0'.repeat(16), tail: 'abcd', createdAt: at };
        return Promise.resolve(
          ok({ text: `outpost_${asked.name}`, token: { ...token, lastUsedAt: null, revokedAt: null } }),
        );
      },
    },
    onChange: () => consent.pending().forEach(({ id }) => decide(id)),
    waitMs,
  });
  app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  consentRoutes(app, {} as HttpContext, consent);
  address = await app.listen({ port: 0, host: '127.0.0.1' });
}
beforeEach(async () => {
  decide = () => {};
  await open();
});
afterEach(async () => {
  consent.close();
  await app.close();
});

const post = (body: unknown, signal?: AbortSignal): Promise<Response> =>
  fetch(`${address}/access`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal && { signal }),
  });
const until = async (is: () => boolean): Promise<void> => {
  for (let tries = 0; !is() && tries < 200; tries += 1) await new Promise((done) => setTimeout(done, 10));
  expect(is()).toBe(true);
};

describe('POST /access', () => {
  it('answers with a token when the person allows it, which nothing between may keep', async () => {
    decide = (id) => void consent.decide(id, true);
    const answer = await post({ program: 'Lab notebook', models: ['efficientnet-lite0'] });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await answer.json()).toEqual({ token: 'outpost_Lab notebook' });
  });

  it('403 when refused, 408 when nobody answers, with what to do', async () => {
    decide = (id) => void consent.decide(id, false);
    const refused = await post({ program: 'Lab notebook' });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: 'access-refused' });
    await app.close();
    decide = () => {};
    await open(30);
    const unanswered = await post({ program: 'Lab notebook', models: null });
    expect(unanswered.status).toBe(408);
    expect(await unanswered.json()).toMatchObject({ code: 'access-unanswered' });
  });

  it('nobody is asked any more when the program hangs up', async () => {
    const stop = new AbortController();
    const asking = post({ program: 'Lab notebook' }, stop.signal).catch(() => 'hung up');
    await until(() => consent.pending().length === 1);
    stop.abort();
    expect(await asking).toBe('hung up');
    await until(() => consent.pending().length === 0);
  });

  it('a fourth that waits gets 429 and when to come back', async () => {
    const waiting = ['one', 'two', 'three'].map((program) => post({ program }));
    await until(() => consent.pending().length === 3);
    const fourth = await post({ program: 'four' });
    expect([fourth.status, fourth.headers.get('retry-after')]).toEqual([429, '1']);
    consent.close();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([408, 408, 408]);
  });

  it('asks a person at most twelve times a minute, refused or not', async () => {
    decide = (id) => void consent.decide(id, false);
    const statuses: number[] = [];
    for (let n = 0; n < 13; n += 1) statuses.push((await post({ program: 'again' })).status);
    expect(statuses).toEqual([...Array<number>(12).fill(403), 429]);
  });

  it.each([
    ['', 'The body'],
    ['{', 'The body'],
    ['[]', 'The body'],
    [{}, 'program'],
    [{ program: '' }, 'program'],
    [{ program: 'x'.repeat(61) }, 'program'],
    [{ program: 'two\nlines' }, 'program'],
    [{ program: 'turned \u202e round' }, 'program'],
    [{ program: 7 }, 'program'],
    [{ program: 'a', models: [] }, 'models'],
    [{ program: 'a', models: ['../etc'] }, 'models'],
    [{ program: 'a', models: 'all' }, 'models'],
    [{ program: 'a', control: true }, 'The body'],
  ])('400 names what is wrong with %j', async (body, what) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { error: string }).error).toContain(what);
    expect(consent.pending()).toEqual([]);
  });

  it('a body that is too large is 413', async () => {
    expect((await post({ program: 'a', models: [`x${'y'.repeat(17_000)}`] })).status).toBe(413);
  });
});

it('the limit counts a minute back', () => {
  let at = 0;
  const may = askLimit(() => at, 2);
  expect([may(), may(), may()]).toEqual([true, true, false]);
  at = 59_999;
  expect(may()).toBe(false);
  at = 60_000;
  expect([may(), may(), may()]).toEqual([true, true, false]);
});
