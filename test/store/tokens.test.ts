import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Store, StoredToken } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { newFolder } from '../temp/folder.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = newFolder();
  store = await openTestStore(folder);
});
afterEach(async () => {
  await store.close();
});

const token = (id: string, more: Partial<StoredToken> = {}): StoredToken => ({
  id: id.padEnd(16, '0'),
  hash: id.repeat(64).slice(0, 64),
  name: `program ${id}`,
  models: null,
  isControl: false,
  tail: 'abcd',
  createdAt: '2026-11-23T10:00:00.000Z',
  lastUsedAt: null,
  revokedAt: null,
  ...more,
});

it('keeps tokens over a restart, with their models and rights', async () => {
  const one = token('a', { models: ['efficientnet-lite0', 'tensor-demo'], isControl: true });
  const other = token('b', { createdAt: '2026-11-23T11:00:00.000Z' });
  expect([await store.saveToken(other), await store.saveToken(one)]).toEqual([true, true]);
  expect(await store.tokens()).toEqual([one, other]);
  await store.close();
  store = await openTestStore(folder);
  expect(await store.tokens()).toEqual([one, other]);
});

it('changes the name and the revocation, never the hash or the time of use', async () => {
  const one = token('a');
  await store.saveToken(one);
  store.tokenUsed(one.id, '2026-11-23T12:00:00.000Z');
  await store.saveToken({ ...one, name: 'renamed', hash: 'f'.repeat(64), revokedAt: '2026-11-24' });
  expect(await store.tokens()).toEqual([
    { ...one, name: 'renamed', lastUsedAt: '2026-11-23T12:00:00.000Z', revokedAt: '2026-11-24' },
  ]);
});

it('the time of use only moves on, and that of a stranger is nothing', async () => {
  const one = token('a');
  await store.saveToken(one);
  store.tokenUsed(one.id, '2026-11-23T12:00:00.000Z');
  store.tokenUsed(one.id, '2026-11-23T11:00:00.000Z');
  store.tokenUsed('0000000000000000', '2026-11-23T11:00:00.000Z');
  await store.flush();
  expect((await store.tokens()).map(({ lastUsedAt }) => lastUsedAt)).toEqual(['2026-11-23T12:00:00.000Z']);
});

it('an answered revocation is on the disk', async () => {
  await store.saveToken(token('a', { revokedAt: '2026-11-23T13:00:00.000Z' }));
  const written = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'latin1'));
  expect(written.some((text) => text.includes('2026-11-23T13:00:00.000Z'))).toBe(true);
});
