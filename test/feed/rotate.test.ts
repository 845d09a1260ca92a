import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { feedStatus, initFeed, loadKeys, promote, renew, rotate, verifyFeed } from '../../main/feed/index.ts';
import type { RotateOptions } from '../../main/feed/index.ts';
import { faultOf } from '../packs/fixture.ts';
import {
  add,
  appVersion,
  copyOffice,
  fetchTarget,
  foundOffice,
  openClient,
  passphrase,
  place,
  valueOf,
} from './fixture.ts';
import type { Office } from './fixture.ts';

let founded: Office;
beforeAll(async () => {
  founded = await foundOffice({ now: new Date() });
  valueOf(await add(founded, '1.0.0', { now: new Date() }));
});

const small = (version: string): string => `small/small-${version}.outpack`;
const without = async (office: Office, ...names: readonly string[]): Promise<Office> => {
  for (const name of names) rmSync(join(office.keyFolder, `${name}.pem`));
  return { ...office, keys: valueOf(await loadKeys(office.keyFolder, passphrase)) };
};
const turn = (office: Office, options: Pick<RotateOptions, 'role'> & Partial<RotateOptions>) =>
  rotate({ feed: office.feed, keys: office.keys, newKeys: office.keyFolder, passphrase, ...options });
const reload = async (office: Office): Promise<Office> => ({
  ...office,
  keys: valueOf(await loadKeys(office.keyFolder, passphrase)),
});
const sound = async (office: Office): Promise<void> =>
  expect((await verifyFeed({ feed: office.feed, appVersion })).faults).toEqual([]);

describe('a client of the first root follows', () => {
  test.each(['packs', 'online'] as const)('a new %s key, the old one at hand', async (role) => {
    const office = copyOffice(founded);
    const client = openClient(office.feed);
    expect(await fetchTarget(client, small('1.0.0'))).not.toBeNull();
    const rotated = valueOf(await turn(office, { role }));
    expect(rotated).toMatchObject({
      rootVersion: 2,
      added: { name: `${role}-2` },
      retired: [{ name: role }],
    });
    await sound(office);
    expect(await fetchTarget(client, small('1.0.0'))).not.toBeNull();
    const after = await without(office, role);
    valueOf(await add(after, '1.1.0', { now: new Date() }));
    expect(await fetchTarget(client, small('1.1.0'))).not.toBeNull();
    expect(
      await fetchTarget(
        openClient(office.feed, join(founded.feed, 'metadata', '1.root.json')),
        small('1.1.0'),
      ),
    ).not.toBeNull();
  });

  test.each(['packs', 'online'] as const)('a new %s key, the old one lost', async (role) => {
    const office = await without(copyOffice(founded), role);
    const client = openClient(office.feed);
    await client.updater().refresh();
    expect(faultOf(await add(office, '1.1.0', { now: new Date() }))).toMatchObject({
      code: 'key-missing',
      params: { key: role },
    });
    valueOf(await turn(office, { role }));
    await sound(office);
    valueOf(await add(await reload(office), '1.1.0', { now: new Date() }));
    expect(await fetchTarget(client, small('1.1.0'))).not.toBeNull();
  });

  test('a root key that is lost, then two roots more', async () => {
    const office = await without(copyOffice(founded), 'root-1');
    const client = openClient(office.feed);
    await client.updater().refresh();
    valueOf(await turn(office, { role: 'root', replace: 'root-1' }));
    const second = await without(await reload(office), 'root-2');
    const rotated = valueOf(await turn(second, { role: 'root', replace: 'root-2' }));
    expect(rotated).toMatchObject({ rootVersion: 3, added: { name: 'root-5' } });
    const third = await reload(second);
    valueOf(await turn(third, { role: 'root', addRootKey: true, rootThreshold: 3 }));
    const status = valueOf(await feedStatus(office.feed, null));
    expect(status.roles[0]).toMatchObject({
      threshold: 3,
      keys: [{ name: 'root-3' }, { name: 'root-4' }, { name: 'root-5' }, { name: 'root-6' }],
    });
    await sound(office);
    valueOf(await add(await reload(third), '1.1.0', { now: new Date() }));
    expect(await fetchTarget(client, small('1.1.0'))).not.toBeNull();
  });

  test('what a retired key signs is refused', async () => {
    const office = copyOffice(founded);
    const thief = copyOffice(founded);
    const client = openClient(office.feed);
    valueOf(await turn(office, { role: 'online' }));
    await client.updater().refresh();
    // The thief has the old online and packs keys, and signs a feed of later versions with them.
    for (const version of ['6.6.6', '6.6.7', '6.6.8'])
      valueOf(await add(thief, version, { now: new Date() }));
    copyFileSync(join(office.feed, 'metadata', '2.root.json'), join(thief.feed, 'metadata', '2.root.json'));
    const robbed = { ...openClient(thief.feed) };
    await expect(robbed.updater().refresh()).rejects.toThrow(/timestamp was signed by 0\/1 keys/u);
    const report = await verifyFeed({ feed: thief.feed, appVersion });
    expect(report.faults.map(({ code }) => code)).toContain('trust-key-retired');
  });
});

describe('what is refused before anything is written', () => {
  test('below the threshold, a key that is not there, a threshold that cannot be', async () => {
    const office = await without(copyOffice(founded), 'root-2', 'root-3');
    const before = readFileSync(join(office.feed, 'metadata', 'timestamp.json'));
    expect(faultOf(await turn(office, { role: 'packs' }))).toMatchObject({
      code: 'key-missing',
      params: { key: 'root-2 or root-3' },
    });
    const whole = copyOffice(founded);
    expect(faultOf(await turn(whole, { role: 'root' })).code).toBe('usage');
    expect(faultOf(await turn(whole, { role: 'root', replace: 'root-9' })).message).toMatch(
      /no root key root-9; it has root-1, root-2, root-3/u,
    );
    expect(
      faultOf(await turn(whole, { role: 'root', addRootKey: true, rootThreshold: 9, newKeys: place() })).code,
    ).toBe('usage');
    expect(readFileSync(join(office.feed, 'metadata', 'timestamp.json'))).toEqual(before);
    await sound(office);
  });

  test('a wrong passphrase names the key file', async () => {
    const office = copyOffice(founded);
    const before = readFileSync(join(office.feed, 'metadata', 'timestamp.json'));
    const keys = valueOf(await loadKeys(office.keyFolder, 'not this one'));
    const change = { feed: office.feed, keys, model: 'small@1.0.0', channel: 'early' };
    expect(faultOf(await promote(change))).toMatchObject({
      code: 'key-passphrase',
      params: { file: 'packs.pem' },
    });
    expect(readFileSync(join(office.feed, 'metadata', 'timestamp.json'))).toEqual(before);
  });

  test('a second feed in the same folder, and a key written over', async () => {
    const office = copyOffice(founded);
    const again = { feed: office.feed, publisher: 'Other', passphrase, keys: place() };
    expect(faultOf(await initFeed(again)).code).toBe('feed-exists');
    const elsewhere = { ...again, feed: place(), keys: office.keyFolder };
    expect(faultOf(await initFeed(elsewhere)).code).toBe('key-exists');
  });
});

test('an expired feed is renewed', async () => {
  const past = new Date(Date.now() - 200 * 86_400_000);
  const office = await foundOffice({ now: past });
  const client = openClient(office.feed);
  await expect(client.updater().refresh()).rejects.toThrow(/expired/u);
  const report = await verifyFeed({ feed: office.feed, appVersion });
  expect(report.faults.map(({ code, params }) => [code, params['file']])).toEqual([
    ['trust-expired', 'metadata/1.targets.json'],
    ['trust-expired', 'metadata/1.snapshot.json'],
    ['trust-expired', 'metadata/timestamp.json'],
  ]);
  valueOf(await renew({ feed: office.feed, keys: office.keys }));
  await client.updater().refresh();
  const expires = valueOf(
    await renew({ feed: office.feed, keys: office.keys, days: { root: 30, timestamp: 3 } }),
  );
  expect(Math.round((Date.parse(expires.timestamp) - Date.now()) / 86_400_000)).toBe(3);
  expect(Math.round((Date.parse(expires.root) - Date.now()) / 86_400_000)).toBe(30);
  await client.updater().refresh();
  await sound(office);
});
