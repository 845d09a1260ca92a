import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeKey, makeKeys } from '../../fixtures/feed-builder.ts';
import { codeOf, Desk, kinds } from './desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
  await desk.feed.root();
  await desk.feed.root();
  await desk.feed.publish({ version: 5 });
  desk.trustFirstRoot();
  expect(codeOf(await desk.check())).toBe('sound');
});
afterEach(() => desk.close());

const lost = (path: string): Promise<void> => rm(join(desk.feed.folder, path));
const swap = (keys: Partial<Desk['feed']['keys']>) =>
  desk.feed.root({ keys: { ...desk.feed.keys, ...keys } });

type Case = { readonly name: string; readonly code: string; readonly make: () => Promise<unknown> };
const cases: readonly Case[] = [
  {
    name: 'everything is older',
    code: 'trust-rollback',
    make: () => desk.feed.publish({ version: 4 }),
  },
  {
    name: 'the timestamp is older',
    code: 'trust-rollback',
    make: () => desk.feed.publish({ version: 6, versions: { timestamp: 4 } }),
  },
  {
    name: 'the snapshot is older under a newer timestamp',
    code: 'trust-rollback',
    make: () => desk.feed.publish({ version: 6, versions: { snapshot: 4 } }),
  },
  {
    name: 'the targets are older under a newer snapshot',
    code: 'trust-rollback',
    make: () => desk.feed.publish({ version: 6, versions: { targets: 4 } }),
  },
  {
    name: 'the timestamp has its version but other content',
    code: 'trust-mix',
    make: () => desk.feed.publish({ version: 6, versions: { timestamp: 5 } }),
  },
  {
    name: 'the snapshot has its version but other content',
    code: 'trust-mix',
    make: () => desk.feed.publish({ version: 6, versions: { snapshot: 5 } }),
  },
  {
    name: 'the targets have their version but other content',
    code: 'trust-mix',
    make: () => desk.feed.publish({ version: 6, versions: { targets: 5 }, packs: [{ version: '9.0.0' }] }),
  },
  {
    name: 'the newest root was taken out',
    code: 'trust-root-rollback',
    make: () => lost('metadata/2.root.json'),
  },
  {
    name: 'the newest root was replaced',
    code: 'trust-mix',
    make: () => desk.feed.root({ version: 2, expires: '2030-01-01T00:00:00Z' }),
  },
  {
    name: 'the newest root was replaced by a stranger',
    code: 'trust-wrong-key',
    make: () => {
      const keys = makeKeys();
      return desk.feed.root({ version: 2, keys, signers: keys.root });
    },
  },
  {
    name: 'a root is left out (3)',
    code: 'trust-root-gap',
    make: () => desk.feed.root({ version: 4 }),
  },
  {
    name: 'a root is left out and the next one has its name',
    code: 'trust-root-gap',
    make: () => desk.feed.root({ version: 4, file: 'metadata/3.root.json' }),
  },
  {
    name: 'an old root comes under a new name',
    code: 'trust-root-rollback',
    make: () => desk.feed.root({ version: 2, file: 'metadata/3.root.json' }),
  },
];

const forget: Readonly<Record<string, () => Promise<void>>> = {
  'nothing is lost': async () => undefined,
  'the metadata folder was deleted': () => rm(desk.trustFolder, { recursive: true }),
  'the database was deleted': async () => {
    desk.copies.one = {};
  },
  'the copy beside the packs and the metadata were deleted': async () => {
    desk.copies.other = {};
    await rm(desk.trustFolder, { recursive: true });
  },
  'both copies were deleted': async () => {
    desk.copies.one = {};
    desk.copies.other = {};
  },
};

describe.each(Object.entries(forget))('when %s', (_name, lose) => {
  it.each(cases)('$name: $code', async ({ code, make }) => {
    await make();
    await lose();
    expect(codeOf(await desk.check())).toBe(code);
  });
});

describe.each(kinds)('over %s', (kind) => {
  it.each(cases)('$name: $code', async ({ code, make }) => {
    await make();
    expect(codeOf(await desk.check(kind))).toBe(code);
  });
});

it('says which file and which versions', async () => {
  await desk.feed.publish({ version: 4 });
  expect(await desk.check()).toMatchObject({
    fault: { code: 'trust-rollback', params: { file: 'timestamp.json', version: 4, seen: 5 } },
  });
});

describe('a stolen key that ran the versions up', () => {
  const furthest = 2_000_000_000;

  it('is not followed further, and a rotation lets the publisher go on from where it was', async () => {
    await desk.feed.publish({ version: furthest, packs: [{ version: '99.0.0' }] });
    expect(codeOf(await desk.check())).toBe('sound');
    await desk.feed.publish({ version: 6 });
    expect(codeOf(await desk.check())).toBe('trust-rollback');
    const fresh = makeKey();
    await swap({ targets: [makeKey()], timestamp: [fresh], snapshot: [fresh] });
    await desk.feed.publish({ version: 7, packs: [{ version: '1.0.1' }] });
    expect(await desk.check()).toMatchObject({ ok: true, value: { offers: [{ version: '1.0.1' }] } });
    await desk.feed.publish({ version: 6 });
    expect(codeOf(await desk.check())).toBe('trust-rollback');
  });

  it('recovers also where only the key for packs was stolen and only it is changed', async () => {
    await desk.feed.publish({ version: 6, versions: { targets: furthest } });
    expect(codeOf(await desk.check())).toBe('sound');
    await swap({ targets: [makeKey()] });
    await desk.feed.publish({ version: 7 });
    expect(codeOf(await desk.check())).toBe('sound');
  });

  it('cannot name a version that no number holds', async () => {
    await desk.feed.publish({ version: 2 ** 40 });
    expect(codeOf(await desk.check())).toBe('trust-malformed');
  });
});

it('raises nothing for a feed that is refused at its last file', async () => {
  const before = { ...desk.copies.one };
  await desk.feed.publish({ version: 6, signers: { targets: [makeKey()] } });
  expect(codeOf(await desk.check())).toBe('trust-wrong-key');
  expect(desk.copies.one).toEqual(before);
  // What was seen is still what was sound: the same versions, honestly signed, are taken.
  await desk.feed.publish({ version: 6 });
  expect(codeOf(await desk.check())).toBe('sound');
});
