import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPackStore } from '../../main/packs/index.ts';
import type { Store } from '../../main/store/index.ts';
import { twoCopies } from '../../main/updates/ratchet-keeper.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { codeOf, Desk } from './trust/desk.ts';

/* The ratchets where they really lie: in SQLite and beside the packs. */

let desk: Desk;
let store: Store;
const data = (): string => join(desk.folder, 'data');
const packs = (): string => join(desk.folder, 'packs');

async function openKeepers(): Promise<void> {
  store = await openTestStore(data());
  desk.ratchets = twoCopies({ store, packStore: openPackStore({ folder: packs(), appVersion: '0.4.0' }) });
}
beforeEach(async () => {
  desk = await Desk.open();
  await desk.feed.root();
  await desk.feed.publish({ version: 5 });
  desk.trustFirstRoot();
  await openKeepers();
  expect(codeOf(await desk.check())).toBe('sound');
  await desk.feed.publish({ version: 4 });
});
afterEach(async () => {
  await store.close();
  await desk.close();
});

const losses: Readonly<Record<string, () => Promise<void>>> = {
  'the database': () => rm(data(), { recursive: true }),
  'the copy beside the packs': () => rm(join(packs(), '.ratchets.json')),
  'the trust folder': () => rm(desk.trustFolder, { recursive: true }),
};
const pairs = Object.keys(losses).flatMap((one, at) =>
  Object.keys(losses)
    .slice(at)
    .map((other) => [one, other] as const),
);

it.each(pairs)('an old feed is refused though %s and %s are lost', async (one, other) => {
  await store.close();
  for (const each of new Set([one, other])) await losses[each]?.();
  await openKeepers();
  expect(codeOf(await desk.check())).toBe('trust-rollback');
});
