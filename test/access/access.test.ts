import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewToken } from '../../contract/serving/access.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { createAccess } from '../../main/access/index.ts';
import type { Access } from '../../main/access/index.ts';
import type { Store } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { newFolder } from '../temp/folder.ts';

let folder: string;
let store: Store;
let clock: Date;
let access: Access;
const now = () => clock;
beforeEach(async () => {
  folder = newFolder();
  store = await openTestStore(folder);
  clock = new Date('2026-11-23T10:00:00.000Z');
  access = await createAccess({ store, now });
});
afterEach(async () => {
  await store.close();
});

const asked = (name: string, models: string[] | null = null) => ({ name, models, isControl: false });
function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.fault.message);
  return outcome.value;
}
const make = async (name: string, models: string[] | null = null): Promise<NewToken> =>
  valueOf(await access.create(asked(name, models)));

describe('a token', () => {
  it('has 256 random bits, is answered at once and only as it was made', async () => {
    const { token, text } = await make('Lab notebook', ['efficientnet-lite0']);
    expect(text).toMatch(/^outpost_[A-Za-z0-9_-]{43}$/u);
    expect(token.tail).toBe(text.slice(-4));
    expect(access.book.find(text)).toEqual({
      program: 'Lab notebook',
      models: ['efficientnet-lite0'],
      isControl: false,
    });
    for (const wrong of ['', text.slice(0, -1), `${text}x`, text.toUpperCase(), 'x'.repeat(100_000)])
      expect(access.book.find(wrong)).toBeNull();
    const other = await make('Lab notebook');
    expect(other.text).not.toBe(text);
  });

  it('is nowhere in the data folder, its hash alone is', async () => {
    const { text } = await make('Lab notebook');
    await store.flush();
    const remaining = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'latin1'));
    expect(remaining.some((content) => content.includes(text) || content.includes(text.slice(8)))).toBe(
      false,
    );
    expect(remaining.some((content) => content.includes('Lab notebook'))).toBe(true);
    expect(JSON.stringify(access.list())).not.toContain(text.slice(8, 40));
  });

  it('answers after a restart', async () => {
    const { text } = await make('R script');
    await store.close();
    store = await openTestStore(folder);
    expect((await createAccess({ store, now })).book.find(text)?.program).toBe('R script');
  });

  it('that was revoked is not answered from then on, also after a restart; taking it back makes it answer', async () => {
    const { token, text } = await make('Old macro');
    expect((await access.revoke(token.id)).ok).toBe(true);
    expect([access.book.find(text), access.list()]).toEqual([null, []]);
    expect((await createAccess({ store, now })).book.find(text)).toBeNull();
    expect((await access.restore(token.id)).ok).toBe(true);
    expect(access.book.find(text)?.program).toBe('Old macro');
    expect(access.list().map(({ name }) => name)).toEqual(['Old macro']);
  });

  it('is renamed without another text', async () => {
    const { token, text } = await make('Macro');
    expect(valueOf(await access.rename(token.id, 'Old macro')).name).toBe('Old macro');
    expect(access.book.find(text)?.program).toBe('Old macro');
    expect((await access.rename('0000000000000000', 'nobody')).ok).toBe(false);
  });

  it('says when it was last used, written once a minute', async () => {
    const { text } = await make('Map plug-in');
    const written = async () => {
      await store.flush();
      return (await store.tokens())[0]?.lastUsedAt;
    };
    access.book.find(text);
    const first = clock.toISOString();
    expect(await written()).toBe(first);
    clock = new Date(clock.getTime() + 59_000);
    access.book.find(text);
    expect(await written()).toBe(first);
    clock = new Date(clock.getTime() + 1_000);
    access.book.find(text);
    expect(await written()).toBe(clock.toISOString());
    expect(access.list()[0]?.lastUsedAt).toBe(clock.toISOString());
  });
});

it('newest first, and every change is told', async () => {
  let reported = 0;
  const stop = access.onChange(() => (reported += 1));
  await make('first');
  clock = new Date(clock.getTime() + 1);
  const second = await make('second');
  await access.revoke(second.token.id);
  expect(access.list().map(({ name }) => name)).toEqual(['first']);
  expect(reported).toBeGreaterThanOrEqual(3);
  stop();
  const before = reported;
  await make('third');
  expect(reported).toBe(before);
});

it('what another process made or revoked counts after reading again', async () => {
  const other = await createAccess({ store, now });
  const { token, text } = valueOf(await other.create(asked('from the window')));
  expect(access.book.find(text)).toBeNull();
  await access.reload();
  expect(access.book.find(text)?.program).toBe('from the window');
  await other.revoke(token.id);
  await access.reload();
  expect(access.book.find(text)).toBeNull();
});

it('a disk that takes nothing gives no token, and a revocation counts all the same until the next start', async () => {
  const { token, text } = await make('Lab notebook');
  const full = {
    tokens: () => store.tokens(),
    saveToken: () => Promise.resolve(false),
    tokenUsed: () => {},
    state: () => ({ kind: 'disk-full' as const, file: 'outpost.db', reason: 'no space left' }),
  };
  const held = await createAccess({ store: full, now });
  const made = await held.create(asked('another'));
  expect(made.ok ? '' : made.fault.message).toContain('no space left');
  expect(held.list()).toHaveLength(1);
  expect((await held.revoke(token.id)).ok).toBe(false);
  expect(held.book.find(text)).toBeNull();
});
