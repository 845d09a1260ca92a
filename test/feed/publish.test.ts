import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  addApp,
  allowRollback,
  addPack,
  feedStatus,
  promote,
  revoke,
  stage,
  verifyFeed,
} from '../../main/feed/index.ts';
import { readOutpackHead } from '../../main/packs/index.ts';
import { modelsFolder, faultOf } from '../packs/fixture.ts';
import {
  add,
  appVersion,
  copyOffice,
  fetchTarget,
  foundOffice,
  openClient,
  packOf,
  valueOf,
} from './fixture.ts';
import type { Office } from './fixture.ts';

let founded: Office;
beforeAll(async () => {
  founded = await foundOffice({ now: new Date() });
});

const path = (version: string): string => `small/small-${version}.outpack`;
const today = (): { readonly now: Date } => ({ now: new Date() });

describe('a feed as tuf-js sees it', () => {
  test('an empty feed is sound', async () => {
    const office = copyOffice(founded);
    const client = openClient(office.feed);
    await client.updater().refresh();
    expect(await fetchTarget(client, path('1.0.0'))).toBeNull();
    expect(await verifyFeed({ feed: office.feed, appVersion })).toMatchObject({ roots: 1, faults: [] });
  });

  test('a pack and its blockmap arrive, with what the feed says of them', async () => {
    const office = copyOffice(founded);
    const client = openClient(office.feed);
    await client.updater().refresh();
    valueOf(await add(office, '1.0.0', { ...today(), note: 'First.', channels: ['stable'], staging: 25 }));
    const got = await fetchTarget(client, path('1.0.0'));
    expect(got?.info.custom['outpost']).toMatchObject({
      kind: 'pack',
      id: 'small',
      version: '1.0.0',
      staging: 25,
      note: 'First.',
      channels: ['stable'],
      minimumAppVersion: '0.1.0',
    });
    const head = valueOf(await readOutpackHead(join(client.folder, 'targets', 'got'), { appVersion }));
    expect(got?.info.custom['outpost']).toMatchObject({ digest: head.digest });
    const map = await fetchTarget(client, `${path('1.0.0')}.blockmap`);
    expect(map?.info.custom['outpost']).toEqual({ kind: 'blockmap', of: path('1.0.0') });
    const { files } = JSON.parse(gunzipSync(map!.bytes).toString()) as { files: [{ sizes: number[] }] };
    expect(files[0].sizes.reduce((sum, each) => sum + each, 0)).toBe(got!.bytes.byteLength);
  });

  test('a real model, from a folder and from the archive that came of it', async () => {
    const office = copyOffice(founded);
    const demo = join(modelsFolder, 'tensor-demo');
    const added = valueOf(
      await addPack({ feed: office.feed, keys: office.keys, packs: [demo], appVersion, ...today() }),
    );
    expect(added).toMatchObject([{ isKept: false, size: expect.any(Number) }]);
    const folder = join(office.feed, 'targets', 'tensor-demo');
    const archive = readdirSync(folder).find((name) => name.endsWith('.outpack'))!;
    const other = copyOffice(founded);
    valueOf(
      await addPack({
        feed: other.feed,
        keys: other.keys,
        packs: [join(folder, archive)],
        appVersion,
        ...today(),
      }),
    );
    expect(readdirSync(join(other.feed, 'targets', 'tensor-demo')).sort()).toEqual(
      readdirSync(folder).sort(),
    );
  });

  test('staging, channels, revocation and a rollback that is allowed', async () => {
    const office = copyOffice(founded);
    const client = openClient(office.feed);
    valueOf(await add(office, '1.0.0', today()));
    valueOf(await add(office, '1.1.0', { ...today(), channels: ['early'], staging: 0 }));
    const change = { feed: office.feed, keys: office.keys, ...today() };
    valueOf(await promote({ ...change, model: 'small@1.1.0', channel: 'stable' }));
    valueOf(await stage({ ...change, model: 'small@1.1.0', percent: 40 }));
    expect((await fetchTarget(client, path('1.1.0')))?.info.custom['outpost']).toMatchObject({
      channels: ['early', 'stable'],
      staging: 40,
    });
    valueOf(await allowRollback({ ...change, model: 'small@1.0.0' }));
    valueOf(await revoke({ ...change, model: 'small@1.1.0', reason: 'It calls every moss a fern.' }));
    const notes = notesOf(office);
    expect(notes.revoked).toEqual([{ id: 'small', version: '1.1.0', reason: 'It calls every moss a fern' }]);
    expect(notes.allowRollbackTo).toEqual([{ id: 'small', version: '1.0.0' }]);
    expect(faultOf(await allowRollback({ ...change, model: 'small@1.1.0' })).code).toBe('version-revoked');
    expect(valueOf(await revoke({ ...change, model: 'moss@6.6.6', reason: 'Not from us.' }))).toMatchObject({
      isListed: false,
    });
    expect(faultOf(await revoke({ ...change, model: 'moss', reason: 'Not from us.' })).code).toBe('usage');
    await client.updater().refresh();
    expect(await verifyFeed({ feed: office.feed, appVersion })).toMatchObject({ packs: 2, faults: [] });
  });

  test('the issue time never goes back, and a clock a year behind signs nothing', async () => {
    const office = copyOffice(founded);
    valueOf(await add(office, '1.0.0', today()));
    const first = notesOf(office).issuedAt;
    valueOf(await add(office, '1.1.0', { now: new Date(Date.now() - 3_600_000) }));
    expect(notesOf(office).issuedAt).toBe(first);
    const late = await add(office, '1.2.0', { now: new Date(Date.now() - 365 * 86_400_000) });
    expect(faultOf(late).code).toBe('trust-clock-back');
  });
});

test('two commands at once follow one another', async () => {
  const office = copyOffice(founded);
  const versions = ['1.0.0', '1.1.0', '1.2.0'];
  const added = await Promise.all(versions.map((version) => add(office, version, today())));
  expect(added.map((each) => (each.ok ? 'ok' : each.fault))).toEqual(['ok', 'ok', 'ok']);
  expect(await verifyFeed({ feed: office.feed, appVersion })).toMatchObject({ packs: 3, faults: [] });
});

describe('what is refused', () => {
  test('a version with other bytes; the same bytes are no matter', async () => {
    const office = copyOffice(founded);
    valueOf(await add(office, '1.0.0', today()));
    const before = readFileSync(join(office.feed, 'metadata', 'timestamp.json'), 'utf8');
    const again = valueOf(await add(office, '1.0.0', today()));
    expect(again).toMatchObject([{ model: 'small@1.0.0', isKept: true }]);
    const other = await add(office, '1.0.0', { ...today(), packs: [packOf('1.0.0', 'other')] });
    expect(faultOf(other)).toMatchObject({ code: 'feed-version-exists', params: { model: 'small@1.0.0' } });
    expect(readFileSync(join(office.feed, 'metadata', 'timestamp.json'), 'utf8')).toBe(before);
    expect(existsSync(join(office.feed, '.work'))).toBe(false);
  });

  test('a damaged pack, a model and a version that the feed does not have, a fraction of a percent', async () => {
    const office = copyOffice(founded);
    const broken = packOf('1.0.0');
    writeFileSync(join(broken, 'card.md'), '# 1.0.1\n');
    expect(faultOf(await add(office, '1.0.0', { ...today(), packs: [broken] })).code).toBe(
      'pack-file-digest',
    );
    const change = { feed: office.feed, keys: office.keys, ...today() };
    expect(faultOf(await promote({ ...change, model: 'moss@1.0.0', channel: 'x' })).code).toBe(
      'feed-model-unknown',
    );
    valueOf(await add(office, '1.0.0', today()));
    expect(faultOf(await stage({ ...change, model: 'small@2.0.0', percent: 5 })).code).toBe(
      'feed-model-unknown',
    );
    expect(faultOf(await stage({ ...change, model: 'small@1.0.0', percent: 0.5 })).code).toBe('usage');
    expect(faultOf(await add({ ...office, feed: join(office.folder, 'none') }, '1.0.0')).code).toBe(
      'feed-not-found',
    );
  });
});

test('an installer of Outpost travels in the feed too', async () => {
  const office = copyOffice(founded);
  const file = join(office.folder, 'outpost_1.2.0_amd64.deb');
  writeFileSync(file, 'an installer');
  const app = { feed: office.feed, keys: office.keys, file, version: '1.2.0', platform: 'linux-x64' };
  valueOf(await addApp(app));
  const got = await fetchTarget(openClient(office.feed), 'app/outpost_1.2.0_amd64.deb');
  expect(got?.bytes.toString()).toBe('an installer');
  expect(got?.info.custom['outpost']).toMatchObject({ kind: 'app', version: '1.2.0', platform: 'linux-x64' });
  expect(faultOf(await addApp({ ...app, version: 'new' })).code).toBe('usage');
  writeFileSync(file, 'another');
  expect(faultOf(await addApp(app)).code).toBe('feed-version-exists');
  expect((await verifyFeed({ feed: office.feed, appVersion })).faults).toEqual([]);
});

test('who may sign what, and which keys are at hand', async () => {
  const status = valueOf(await feedStatus(founded.feed, founded.keys));
  expect(status.roles).toMatchObject([
    { role: 'root', threshold: 2, keys: [{ name: 'root-1' }, { name: 'root-2' }, { name: 'root-3' }] },
    { role: 'packs', threshold: 1, keys: [{ name: 'packs', file: join(founded.keyFolder, 'packs.pem') }] },
    { role: 'online', threshold: 1, keys: [{ name: 'online' }] },
  ]);
  expect(status.fingerprint).toBe(founded.founded.fingerprint);
});

function notesOf(office: Office) {
  const newest = readdirSync(join(office.feed, 'metadata'))
    .map((name) => Number(/^(\d+)\.targets\.json$/u.exec(name)?.[1] ?? 0))
    .reduce((one, other) => Math.max(one, other));
  const text = readFileSync(join(office.feed, 'metadata', `${newest}.targets.json`), 'utf8');
  return (
    JSON.parse(text) as {
      signed: { 'x-outpost': { issuedAt: string; revoked: unknown; allowRollbackTo: unknown } };
    }
  ).signed['x-outpost'];
}
