import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hoursFrom } from '../../fixtures/feed-builder.ts';
import { codeOf, Desk, kinds, noon } from './desk.ts';

const day = 24;
const after = (hours: number): Date => new Date(noon.getTime() + hours * 3_600_000);
const sources = ['folder', 'bundle'] as const;

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
  await desk.feed.root({ expires: hoursFrom(noon, 365 * day) });
  await desk.feed.publish();
  desk.trustFirstRoot();
});
afterEach(() => desk.close());

describe.each(kinds)('a feed out of date over %s', (kind) => {
  it.each([
    ['root', '1.root.json'],
    ['timestamp', 'timestamp.json'],
    ['snapshot', '2.snapshot.json'],
    ['targets', '2.targets.json'],
  ] as const)('names %s and its date', async (role, file) => {
    const other = await Desk.open();
    const expired = hoursFrom(noon, -day);
    await other.feed.root(role === 'root' ? { expires: expired } : {});
    await other.feed.publish({
      version: 2,
      expires: { [role]: expired },
      issuedAt: hoursFrom(noon, -2 * day),
    });
    other.trustFirstRoot();
    expect(await other.check(kind)).toMatchObject({
      fault: {
        code: 'trust-expired',
        params: { file, expires: '2026-11-19T12:00:00.000Z', issued: '2026-11-18T12:00:00Z' },
      },
    });
    await other.close();
  });

  it('is still refused first for what else is wrong with it', async () => {
    await desk.feed.publish({ version: 2, signers: { targets: [] } });
    desk.now = after(30 * day);
    expect(codeOf(await desk.check(kind, { consentExpired: true }))).toBe('trust-unsigned');
  });
});

describe.each(sources)('with consent over %s', (kind) => {
  it('is taken, with its dates in the report', async () => {
    desk.now = after(30 * day);
    expect(codeOf(await desk.check(kind))).toBe('trust-expired');
    expect(await desk.check(kind, { consentExpired: true })).toMatchObject({
      ok: true,
      value: {
        offers: [{ version: '1.0.0' }],
        dates: {
          issuedAt: '2026-11-20T12:00:00Z',
          expiresAt: '2026-12-04T12:00:00.000Z',
          isExpired: true,
        },
      },
    });
  });

  it('is held to what was seen all the same', async () => {
    await desk.feed.publish({ version: 5 });
    expect(codeOf(await desk.check(kind))).toBe('sound');
    await desk.feed.publish({ version: 4 });
    desk.now = after(30 * day);
    expect(codeOf(await desk.check(kind, { consentExpired: true }))).toBe('trust-rollback');
  });

  it('does not cover a feed that was out of date when it was signed', async () => {
    await desk.feed.publish({ version: 2, expires: { snapshot: hoursFrom(noon, -day) } });
    expect(codeOf(await desk.check(kind, { consentExpired: true }))).toBe('trust-expired');
  });
});

it('takes no consent for what comes from the network', async () => {
  desk.now = after(30 * day);
  expect(codeOf(await desk.check('http', { consentExpired: true }))).toBe('trust-expired');
});

describe('the clock', () => {
  it.each(kinds)(
    'set back a year is noticed over %s, on a computer that never saw the feed too',
    async (kind) => {
      desk.now = after(-365 * day);
      expect(await desk.check(kind)).toMatchObject({
        fault: { code: 'trust-clock-back', params: { seen: '2026-11-20T12:00:00.000Z' } },
      });
    },
  );

  it('set back behind the last check is noticed, also with the trust folder and one copy gone', async () => {
    desk.now = after(5 * day);
    expect(codeOf(await desk.check())).toBe('sound');
    desk.now = after(4 * day);
    expect(codeOf(await desk.check())).toBe('trust-clock-back');
    desk.copies.one = {};
    await rm(desk.trustFolder, { recursive: true });
    expect(codeOf(await desk.check('folder', { consentExpired: true }))).toBe('trust-clock-back');
  });

  it('may be wrong by less than an hour', async () => {
    expect(codeOf(await desk.check())).toBe('sound');
    desk.now = after(-0.9);
    expect(codeOf(await desk.check())).toBe('sound');
  });

  it.each(kinds)('ten years ahead is told from a feed that is merely old, over %s', async (kind) => {
    expect(codeOf(await desk.check(kind))).toBe('sound');
    desk.now = after(10 * 365 * day);
    expect(await desk.check(kind)).toMatchObject({
      fault: { code: 'trust-clock-ahead', params: { seen: '2026-11-20T12:00:00.000Z' } },
    });
    desk.now = after(60 * day);
    expect(codeOf(await desk.check(kind))).toBe('trust-expired');
  });

  it('that ran ahead and was put right does not lock anything', async () => {
    desk.now = after(10 * 365 * day);
    expect(codeOf(await desk.check('folder', { consentExpired: true }))).toBe('sound');
    desk.now = after(day);
    expect(codeOf(await desk.check())).toBe('sound');
  });

  it('is not set by a feed from the future', async () => {
    await desk.feed.publish({
      version: 2,
      issuedAt: '2040-01-01T00:00:00Z',
      expires: { targets: '2050-01-01T00:00:00Z' },
    });
    expect(codeOf(await desk.check())).toBe('trust-clock-back');
    await desk.feed.publish({ version: 2 });
    expect(codeOf(await desk.check())).toBe('sound');
  });
});
