import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { metadataLimitBytes } from '../../../contract/lifecycle/feed.ts';
import { dig } from '../../fixtures/feed-builder.ts';
import type { Json, Pack } from '../../fixtures/feed-builder.ts';
import { codeOf, Desk, kinds } from './desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
  await desk.feed.root();
  await desk.feed.root();
  await desk.feed.publish();
  desk.trustFirstRoot();
});
afterEach(() => desk.close());

const files = {
  root: 'metadata/2.root.json',
  timestamp: 'metadata/timestamp.json',
  snapshot: 'metadata/1.snapshot.json',
  targets: 'metadata/1.targets.json',
} as const;
const textOf = (file: string): Promise<string> => readFile(join(desk.feed.folder, file), 'utf8');
const edit = async (file: string, change: (text: string) => string | Buffer): Promise<void> =>
  desk.feed.write(file, change(await textOf(file)));

const damages: readonly (readonly [string, (text: string) => string | Buffer])[] = [
  ['empty', () => ''],
  ['truncated', (text) => text.slice(0, -20)],
  ['with a name twice', (text) => text.replace('"version":', '"version":1,"version":')],
  [
    'with a name twice, once in disguise',
    (text) => text.replace('"version":', '"\\u0076ersion":1,"version":'),
  ],
  ['with __proto__', (text) => text.replace('"version":', '"__proto__":{},"version":')],
  ['not UTF-8', (text) => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0x7d])])],
  ['with a mark in front', (text) => `\ufeff${text}`],
  ['nested without end', () => '['.repeat(100_000)],
  ['larger than allowed', (text) => text + ' '.repeat(metadataLimitBytes)],
  ['something else', () => '{"hello":"world"}'],
  ['a list', () => '[]'],
  ['of another format', (text) => text.replace('"spec_version":"1.0.31"', '"spec_version":"2.0.0"')],
  ['with a date that is none', (text) => text.replace(/"expires":"[^"]+"/u, '"expires":"never"')],
  ['with a version that is none', (text) => text.replace(/"version":\d+/u, '"version":"1"')],
];

const everywhere = new Set(['truncated', 'larger than allowed', 'with a name twice']);

describe.each(kinds)('over %s', (kind) => {
  // How a file is damaged has nothing to do with how it came: the whole list once, and what sizes and ends do everywhere.
  const here = kind === 'folder' ? damages : damages.filter(([name]) => everywhere.has(name));
  describe.each(Object.entries(files))('%s', (_role, file) => {
    it.each(here)('%s is malformed', async (_name, change) => {
      await edit(file, change);
      const outcome = await desk.check(kind);
      expect(outcome).toMatchObject({ fault: { code: 'trust-malformed' } });
    });
  });

  it.each([
    ['metadata/1.snapshot.json', 'trust-target-missing'],
    ['metadata/1.targets.json', 'trust-target-missing'],
    ['metadata/timestamp.json', 'feed-not-found'],
  ])('%s is missing: %s', async (file, code) => {
    await rm(join(desk.feed.folder, file));
    expect(codeOf(await desk.check(kind))).toBe(code);
  });

  it.each(['snapshot', 'targets'] as const)('%s is not what is described', async (role) => {
    await edit(files[role], (text) => `${text}\n`);
    expect(await desk.check(kind)).toMatchObject({
      fault: { code: 'trust-digest', params: { what: 'the length' } },
    });
  });
});

it('says which hash differs where the length is the same', async () => {
  await desk.feed.publish({
    version: 2,
    change: (role, content) => {
      if (role === 'snapshot') dig(content, 'meta', 'targets.json')['hashes'] = { sha256: '0'.repeat(64) };
    },
  });
  expect(await desk.check()).toMatchObject({ fault: { code: 'trust-digest', params: { what: 'SHA-256' } } });
});

describe('a signed list with a name that leads elsewhere', () => {
  const names = [
    '../../etc/passwd',
    'birds/../../x-1.0.0.outpack',
    '/etc/passwd',
    'C:\\Windows\\x.outpack',
    'birds\\birds-1.0.0.outpack',
    'https://evil.example/birds-1.0.0.outpack',
    '//evil.example/birds-1.0.0.outpack',
    `birds/birds-1.0.0'; rm -rf ~;'.outpack`,
    'birds/birds-1.0.0"&calc&".outpack',
    'birds/birds-1.0.0\n.outpack',
    'birds/%TEMP%-1.0.0.outpack',
    'birds/$(id)-1.0.0.outpack',
    'birds/`id`.outpack',
    'birds/other-1.0.0.outpack',
    'birds/birds-1.0.outpack',
    'Birds/Birds-1.0.0.outpack',
    'birds/birds-1.0.0.exe',
    'app/..',
    'app/.hidden',
    'app/a/b',
    'birds/birds-1.0.0.outpack\u0000.txt',
    'birds/birds-2.0.0.outpack',
  ];
  it.each(names)('%j', async (name) => {
    await desk.feed.publish({ version: 2, packs: [{ version: '1.0.0', name }] });
    const outcome = await desk.check();
    expect(codeOf(outcome)).toBe('trust-malformed');
    const before = await desk.copies.read();
    expect(before).toEqual({});
  });
});

describe('a signed list that describes a pack wrongly', () => {
  const wrong: readonly (readonly [string, Partial<Pack>])[] = [
    ['an unknown word', { custom: { extra: true } }],
    ['no digest', { custom: { digest: 'none' } }],
    ['an id that is a path', { custom: { id: '../birds' } }],
    ['a negative length', { described: { length: -1 } }],
    ['no hash', { described: { hashes: {} } }],
    ['a hash that is a path', { described: { hashes: { sha256: '../../../../etc/passwd' } } }],
    ['nothing said of it', { described: { custom: {} } }],
    [
      'a blockmap of something else',
      { described: { custom: { outpost: { kind: 'blockmap', of: '../x' } } } },
    ],
  ];
  it.each(wrong)('%s', async (_name, part) => {
    await desk.feed.publish({ version: 2, packs: [{ version: '1.0.0', ...part }] });
    expect(codeOf(await desk.check())).toBe('trust-malformed');
  });
});

it.each<readonly [string, (content: Json) => void]>([
  ['no time of issue', (content) => delete dig(content, 'x-outpost')['issuedAt']],
  ['a time of issue that is none', (content) => (dig(content, 'x-outpost')['issuedAt'] = 'yesterday')],
  ['no notes', (content) => delete content['x-outpost']],
])('a signed list with %s is malformed', async (_name, change) => {
  await desk.feed.publish({
    version: 2,
    change: (role, content) => void (role === 'targets' && change(content)),
  });
  expect(codeOf(await desk.check())).toBe('trust-malformed');
});

it('leaves alone what only a later Outpost knows', async () => {
  const later = { custom: { outpost: { kind: 'dataset', of: 'owls' } } };
  await desk.feed.publish({
    version: 2,
    packs: [{ version: '1.0.0' }, { version: '2.0.0', name: 'datasets/owls.bin', described: later }],
  });
  expect(await desk.check()).toMatchObject({ ok: true, value: { offers: [{ version: '1.0.0' }] } });
});
