import { createHash, createPublicKey } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeKey, makeKeys, signed } from '../../fixtures/feed-builder.ts';
import type { Key } from '../../fixtures/feed-builder.ts';
import { codeOf, Desk, kinds } from './desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
  await desk.feed.root();
  await desk.feed.publish();
  desk.trustFirstRoot();
});
afterEach(() => desk.close());

type Case = { readonly name: string; readonly code: string; readonly make: () => Promise<unknown> };
const roles = ['timestamp', 'snapshot', 'targets'] as const;
const online = (): Key => desk.feed.keys.timestamp[0]!;
const packs = (): Key => desk.feed.keys.targets[0]!;
const rootKeys = (): Key[] => desk.feed.keys.root;
const otherOf = { timestamp: packs, snapshot: packs, targets: online };

const cases: readonly Case[] = [
  ...roles.flatMap((role): Case[] => [
    {
      name: `${role} is unsigned`,
      code: 'trust-unsigned',
      make: () => desk.feed.publish({ version: 2, signers: { [role]: [] } }),
    },
    {
      name: `${role} is signed by a stranger`,
      code: 'trust-wrong-key',
      make: () => desk.feed.publish({ version: 2, signers: { [role]: [makeKey()] } }),
    },
    {
      name: `${role} is signed by the key of another role`,
      code: 'trust-wrong-role',
      make: () => desk.feed.publish({ version: 2, signers: { [role]: [otherOf[role]()] } }),
    },
    {
      name: `${role} is signed by a stranger who says that he is ours`,
      code: 'trust-signature',
      make: () => {
        const own = desk.feed.keys[role][0]!;
        return desk.feed.publish({ version: 2, signers: { [role]: [{ ...makeKey(), id: own.id }] } });
      },
    },
  ]),
  {
    name: 'a root is unsigned',
    code: 'trust-unsigned',
    make: () => desk.feed.root({ signers: [] }),
  },
  {
    name: 'a root is signed by strangers',
    code: 'trust-wrong-key',
    make: () => {
      const keys = makeKeys();
      return desk.feed.root({ keys, signers: keys.root });
    },
  },
  {
    name: 'a root is signed by the key for packs',
    code: 'trust-wrong-role',
    make: () => desk.feed.root({ signers: [packs()] }),
  },
  {
    name: 'a root has one of two signatures',
    code: 'trust-threshold',
    make: () => desk.feed.root({ signers: [rootKeys()[0]!] }),
  },
  {
    name: 'a root has one signature twice',
    code: 'trust-threshold',
    make: () => desk.feed.root({ signers: [rootKeys()[0]!, rootKeys()[0]!] }),
  },
  {
    name: 'a root has the old keys behind it but too few of its own',
    code: 'trust-threshold',
    make: () => {
      const keys = { ...desk.feed.keys, root: [makeKey(), makeKey(), rootKeys()[0]!] };
      return desk.feed.root({ keys, signers: [rootKeys()[0]!, rootKeys()[1]!] });
    },
  },
  {
    name: 'a root has its own keys behind it but too few of the old',
    code: 'trust-threshold',
    make: () => {
      const keys = { ...desk.feed.keys, root: [makeKey(), makeKey(), rootKeys()[0]!] };
      return desk.feed.root({ keys, signers: [...keys.root] });
    },
  },
  {
    name: 'the timestamp is signed by a key that was retired',
    code: 'trust-key-retired',
    make: async () => {
      const [old, fresh] = [online(), makeKey()];
      await desk.feed.root({ keys: { ...desk.feed.keys, timestamp: [fresh], snapshot: [fresh] } });
      await desk.feed.publish({ version: 2, signers: { timestamp: [old] } });
    },
  },
  {
    name: 'packs are signed by a key that was retired two roots ago',
    code: 'trust-key-retired',
    make: async () => {
      const old = packs();
      await desk.feed.root({ keys: { ...desk.feed.keys, targets: [makeKey()] } });
      await desk.feed.root({ keys: { ...desk.feed.keys, targets: [makeKey()] } });
      await desk.feed.publish({ version: 2, signers: { targets: [old] } });
    },
  },
];

describe.each(kinds)('over %s', (kind) => {
  it.each(cases)('$name: $code', async ({ make, code }) => {
    await make();
    expect(codeOf(await desk.check(kind))).toBe(code);
    expect(desk.copies.one).toEqual({});
  });
});

describe('after a sound check', () => {
  it.each(cases)('$name: $code', async ({ make, code }) => {
    expect(codeOf(await desk.check())).toBe('sound');
    const before = { ...desk.copies.one };
    await make();
    expect(codeOf(await desk.check())).toBe(code);
    expect(desk.copies.one).toEqual(before);
  });
});

it('counts one key once, though a root lists it under two ids', async () => {
  const twin = { ...rootKeys()[0]!, id: 'f'.repeat(64) };
  const keys = { ...desk.feed.keys, root: [rootKeys()[0]!, twin, rootKeys()[1]!] };
  await desk.feed.root({ keys });
  expect(codeOf(await desk.check())).toBe('sound');
  await desk.feed.root({ keys, signers: [rootKeys()[0]!, twin] });
  expect(await desk.check()).toMatchObject({
    fault: { code: 'trust-threshold', params: { signatures: 1, threshold: 2 } },
  });
});

/** The same key as another text, and so with another id. */
const asText = (key: Key, text: (hex: string) => string): Key => {
  const described = key.public as { keyval: { public: string } };
  const again = { ...described, keyval: { public: text(described.keyval.public) } };
  return { ...key, id: createHash('sha256').update(JSON.stringify(again)).digest('hex'), public: again };
};
const pem = (hex: string): string =>
  createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(hex, 'hex')]),
    format: 'der',
    type: 'spki',
  })
    .export({ type: 'spki', format: 'pem' })
    .toString();

it.each([
  ['capitals', (hex: string) => hex.toUpperCase()],
  ['PEM', pem],
  ['PEM with other line ends', (hex: string) => pem(hex).replaceAll('\n', '\r\n')],
  ['a digit too many, which nobody reads', (hex: string) => `${hex}0`],
])('counts one key once, though a root lists it again as %s', async (_name, text) => {
  const twin = asText(rootKeys()[0]!, text);
  const keys = { ...desk.feed.keys, root: [rootKeys()[0]!, twin, rootKeys()[1]!] };
  await desk.feed.root({ keys });
  expect(codeOf(await desk.check())).toBe('sound');
  await desk.feed.root({ keys, signers: [rootKeys()[0]!, twin] });
  expect(await desk.check()).toMatchObject({
    fault: { code: 'trust-threshold', params: { signatures: 1, threshold: 2 } },
  });
});

it('takes a root that changes every key, and what the new keys sign', async () => {
  expect(codeOf(await desk.check())).toBe('sound');
  await desk.feed.root({ keys: makeKeys() });
  await desk.feed.publish({ version: 2 });
  expect(codeOf(await desk.check())).toBe('sound');
});

it('does not know a feed whose roots are a stranger’s', async () => {
  const unknown = await Desk.open();
  await unknown.feed.root();
  await unknown.feed.publish();
  await desk.feed.write('metadata/1.root.json', await unknown.feed.read('metadata/1.root.json'));
  expect(codeOf(await desk.check())).toBe('feed-untrusted');
  await unknown.close();
});

it('refuses a first root that says something else of itself', async () => {
  const root = await desk.feed.read('metadata/1.root.json');
  const content = { ...(root['signed'] as object), expires: '2099-01-01T00:00:00Z' };
  await desk.feed.write('metadata/1.root.json', signed(content, rootKeys()));
  expect(codeOf(await desk.check())).toBe('trust-mix');
});
