import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { rotate, verifyFeed } from '../../main/feed/index.ts';
import { add, appVersion, copyOffice, foundOffice, passphrase, valueOf } from './fixture.ts';
import type { Office } from './fixture.ts';

let founded: Office;
beforeAll(async () => {
  founded = await foundOffice({ now: new Date() });
  valueOf(await add(founded, '1.0.0', { now: new Date() }));
  valueOf(await add(founded, '1.1.0', { now: new Date() }));
  const { feed, keys, keyFolder } = founded;
  valueOf(await rotate({ feed, keys, role: 'root', addRootKey: true, newKeys: keyFolder, passphrase }));
});

type Damage = readonly [what: string, code: string, harm: (feed: string) => void];
type Json = Record<string, unknown> & {
  signed: Record<string, unknown>;
  signatures: { keyid: string; sig: string }[];
};

const metadata = (feed: string, name: string): string => join(feed, 'metadata', name);
function edit(feed: string, name: string, change: (json: Json) => void): void {
  const file = metadata(feed, name);
  const json = JSON.parse(readFileSync(file, 'utf8')) as Json;
  change(json);
  writeFileSync(file, JSON.stringify(json));
}
function target(feed: string, ending: string): string {
  const folder = join(feed, 'targets', 'small');
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith(ending))!,
  );
}

const damages: readonly Damage[] = [
  ['no feed', 'feed-not-found', (feed) => rmSync(join(feed, 'metadata'), { recursive: true })],
  ['no timestamp', 'trust-target-missing', (feed) => rmSync(metadata(feed, 'timestamp.json'))],
  ['no snapshot', 'trust-target-missing', (feed) => rmSync(metadata(feed, '3.snapshot.json'))],
  ['no targets', 'trust-target-missing', (feed) => rmSync(metadata(feed, '3.targets.json'))],
  [
    'a root left out',
    'trust-root-gap',
    (feed) => renameSync(metadata(feed, '2.root.json'), metadata(feed, '3.root.json')),
  ],
  ['not JSON', 'trust-malformed', (feed) => writeFileSync(metadata(feed, 'timestamp.json'), '{')],
  [
    'a timestamp without signatures',
    'trust-unsigned',
    (feed) => edit(feed, 'timestamp.json', (json) => (json.signatures = [])),
  ],
  [
    'a timestamp that was changed',
    'trust-signature',
    (feed) => edit(feed, 'timestamp.json', ({ signed }) => (signed['version'] = 9)),
  ],
  [
    'a timestamp signed by a stranger',
    'trust-wrong-key',
    (feed) => edit(feed, 'timestamp.json', ({ signatures }) => (signatures[0]!.keyid = '0'.repeat(64))),
  ],
  [
    'a timestamp signed by a key for something else',
    'trust-wrong-role',
    (feed) => {
      const { signatures } = JSON.parse(readFileSync(metadata(feed, '3.targets.json'), 'utf8')) as Json;
      edit(feed, 'timestamp.json', (json) => (json.signatures = signatures));
    },
  ],
  [
    'a root with one signature of two',
    'trust-threshold',
    (feed) => edit(feed, '2.root.json', (json) => (json.signatures = json.signatures.slice(0, 1))),
  ],
  [
    'a snapshot that is not the one',
    'trust-digest',
    (feed) =>
      writeFileSync(metadata(feed, '3.snapshot.json'), readFileSync(metadata(feed, '2.snapshot.json'))),
  ],
  [
    'targets with a byte more',
    'trust-digest',
    (feed) => writeFileSync(metadata(feed, '3.targets.json'), ' ', { flag: 'a' }),
  ],
  ['a pack that is gone', 'trust-target-missing', (feed) => rmSync(target(feed, '1.1.0.outpack'))],
  ['a pack that was cut', 'trust-digest', (feed) => writeFileSync(target(feed, '1.0.0.outpack'), 'short')],
  [
    'a pack with a bit turned',
    'trust-digest',
    (feed) => {
      const file = target(feed, '1.0.0.outpack');
      const bytes = readFileSync(file);
      bytes[bytes.byteLength >> 1]! ^= 1;
      writeFileSync(file, bytes);
    },
  ],
  [
    'a blockmap that is gone',
    'trust-target-missing',
    (feed) => rmSync(target(feed, '1.0.0.outpack.blockmap')),
  ],
];

describe('each damage is found by its name', () => {
  test.each(damages)('%s: %s', async (_what, code, harm) => {
    const office = copyOffice(founded);
    expect((await verifyFeed({ feed: office.feed, appVersion })).faults).toEqual([]);
    harm(office.feed);
    const { faults } = await verifyFeed({ feed: office.feed, appVersion });
    expect(faults.map((each) => each.code)).toContain(code);
    for (const { message, hint } of faults) expect(message + hint).not.toMatch(/\{\w+\}/u);
  });

  test('several damages at once, all of them', async () => {
    const { feed } = copyOffice(founded);
    rmSync(target(feed, '1.0.0.outpack'));
    rmSync(target(feed, '1.1.0.outpack.blockmap'));
    edit(feed, '2.root.json', (json) => (json.signatures = json.signatures.slice(0, 1)));
    const { faults } = await verifyFeed({ feed, appVersion, now: new Date(Date.now() + 400 * 86_400_000) });
    expect(faults.map((each) => each.code).sort()).toEqual([
      'trust-expired',
      'trust-expired',
      'trust-expired',
      'trust-expired',
      'trust-target-missing',
      'trust-target-missing',
      'trust-threshold',
    ]);
  });

  test('a damaged feed is not signed on', async () => {
    const office = copyOffice(founded);
    edit(office.feed, '3.targets.json', ({ signed }) => (signed['version'] = 4));
    const before = hashOf(office.feed);
    const outcome = await add(office, '1.2.0', { now: new Date() });
    expect(outcome).toMatchObject({ ok: false, fault: { code: 'feed-invalid' } });
    expect(hashOf(office.feed)).toBe(before);
  });
});

function hashOf(feed: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(join(feed, 'metadata')).sort())
    hash.update(name).update(readFileSync(metadata(feed, name)));
  return hash.digest('hex');
}
