import { createHash } from 'node:crypto';
import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  loadKeys,
  addApp,
  allowRollback,
  promote,
  renew,
  revoke,
  rotate,
  stage,
  writeBundle,
} from '../../../main/feed/index.ts';
import { add, copyOffice, days, foundOffice, now, passphrase, valueOf } from '../../feed/fixture.ts';
import type { Office } from '../../feed/fixture.ts';
import { codeOf, Desk, kinds, nothingHere } from './desk.ts';

/* The drills of a publisher, with the publisher's own tools on one side and a computer in the field on the other. */

let founded: Office;
let office: Office;
let desk: Desk;
beforeAll(async () => {
  founded = await foundOffice();
  for (const version of ['1.0.0', '1.1.0']) valueOf(await add(founded, version));
});
beforeEach(async () => {
  office = copyOffice(founded);
  desk = await Desk.beside(office.feed, now);
});
afterEach(() => desk.close());

const change = () => ({ feed: office.feed, keys: office.keys, now });
async function check(kind: (typeof kinds)[number] = 'http', here = nothingHere) {
  return valueOf(await desk.check(kind, { here }));
}
const offered = async (
  kind: (typeof kinds)[number] = 'http',
  here = nothingHere,
): Promise<readonly string[]> =>
  (await check(kind, here)).offers.map(({ model, version }) => `${model}@${version}`);

it.each(kinds)('a published version is offered over %s, and again after the next one', async (kind) => {
  expect(await offered(kind)).toEqual(['small@1.1.0']);
  valueOf(await add(office, '1.2.0'));
  expect(await offered(kind)).toEqual(['small@1.2.0']);
  expect((await check(kind)).publisher).toBe('Northern Survey');
});

it('a person trusts the publisher by the fingerprint that founding it gave', async () => {
  const unknown = await Desk.open();
  const updates = await unknown.updates();
  const root = join(office.feed, 'metadata', '1.root.json');
  expect(valueOf(await updates.previewRoot(root))).toMatchObject({
    publisher: 'Northern Survey',
    fingerprint: office.founded.fingerprint,
    keys: 3,
    threshold: 2,
  });
  valueOf(await updates.trust(root, office.founded.fingerprint));
  await unknown.close();
});

it('promoting, staging, revoking and allowing the way back reach a device', async () => {
  const [small10] = (await check()).offers;
  expect(small10?.version).toBe('1.1.0');
  desk.settings = { ...desk.settings, feedChannel: 'early' };
  expect(await offered()).toEqual([]);
  valueOf(await promote({ ...change(), model: 'small@1.0.0', channel: 'early' }));
  expect(await offered()).toEqual(['small@1.0.0']);
  desk.settings = { ...desk.settings, feedChannel: 'stable' };
  valueOf(await stage({ ...change(), model: 'small@1.1.0', percent: 0 }));
  expect((await check()).withheld).toMatchObject([{ version: '1.1.0', fault: { code: 'version-staged' } }]);
  valueOf(await stage({ ...change(), model: 'small@1.1.0', percent: 100 }));

  const digest = small10!.digest;
  const here = { ...nothingHere, installed: [{ model: 'small', version: '1.1.0', digest }] };
  expect(await offered('http', here)).toEqual([]);
  valueOf(await allowRollback({ ...change(), model: 'small@1.0.0' }));
  expect(await offered('http', here)).toEqual(['small@1.0.0']);
  valueOf(await revoke({ ...change(), model: 'small@1.1.0', reason: 'Wrong labels' }));
  expect((await check('http', here)).revoked).toEqual([
    { model: 'small', version: '1.1.0', reason: 'Wrong labels' },
  ]);
});

it('an installer of Outpost that the feed carries is found and described', async () => {
  const file = join(office.folder, 'Outpost-0.5.0.AppImage');
  await writeFile(file, 'an installer');
  valueOf(await addApp({ ...change(), file, version: '0.5.0', platform: 'linux-x64', note: 'Faster.' }));
  const updates = await desk.updates();
  const source = await desk.source('http');
  expect(valueOf(await updates.appOffer(source, 'linux-x64'))).toMatchObject({
    version: '0.5.0',
    file: 'Outpost-0.5.0.AppImage',
    size: 12,
    note: 'Faster.',
    sha512: createHash('sha512').update('an installer').digest('base64'),
  });
  expect(await offered()).toEqual(['small@1.1.0']);
});

describe('keys', () => {
  const rotated = async (role: 'root' | 'packs' | 'online', replace?: string): Promise<void> => {
    valueOf(
      await rotate({
        ...change(),
        role,
        ...(replace ? { replace } : {}),
        newKeys: office.keyFolder,
        passphrase,
      }),
    );
    office = { ...office, keys: valueOf(await loadKeys(office.keyFolder, passphrase)) };
  };

  it.each(['packs', 'online', 'root'] as const)(
    'the %s key is replaced and the feed goes on',
    async (role) => {
      expect(codeOf(await desk.check())).toBe('sound');
      await rotated(role, role === 'root' ? 'root-1' : undefined);
      expect(codeOf(await desk.check())).toBe('sound');
      valueOf(await add(office, '1.2.0'));
      expect(await offered()).toEqual(['small@1.2.0']);
    },
  );

  it('a device that slept through five rotations catches up, over a bundle too', async () => {
    expect(codeOf(await desk.check())).toBe('sound');
    for (const role of ['packs', 'online', 'packs', 'online', 'packs'] as const) await rotated(role);
    valueOf(await add(office, '1.2.0'));
    for (const kind of kinds) expect(await offered(kind)).toEqual(['small@1.2.0']);
  });

  it('what a thief signs with the stolen packs key is refused once it was replaced', async () => {
    const thief = copyOffice(office);
    valueOf(await add(thief, '9.0.0'));
    await rotated('packs');
    expect(codeOf(await desk.check())).toBe('sound');
    // The thief puts his list under the new root.
    const metadata = join(office.feed, 'metadata');
    const roots = await Promise.all([1, 2].map((version) => desk.feed.read(`metadata/${version}.root.json`)));
    await rm(metadata, { recursive: true });
    await cp(join(thief.feed, 'metadata'), metadata, { recursive: true });
    await writeFile(join(metadata, '2.root.json'), JSON.stringify(roots[1]));
    expect(codeOf(await desk.check())).toBe('trust-mix');
    const fresh = await Desk.beside(office.feed, now);
    expect(codeOf(await fresh.check())).toBe('trust-key-retired');
    await fresh.close();
  });
});

describe('time', () => {
  it('a feed that nobody renewed stops new installs from the network, and says until when it was good', async () => {
    desk.now = days(400);
    const outcome = await desk.check('http');
    expect(outcome).toMatchObject({ fault: { code: 'trust-expired' } });
    expect(codeOf(await desk.check('folder', { consentExpired: true }))).toBe('sound');
  });

  it('renewing it puts that right', async () => {
    desk.now = days(60);
    expect(codeOf(await desk.check())).toBe('trust-expired');
    valueOf(await renew({ ...change(), now: days(60) }));
    expect(codeOf(await desk.check())).toBe('sound');
  });
});

describe('a bundle', () => {
  it('with one chosen model offers that one', async () => {
    const file = join(office.folder, 'stick.outpost');
    valueOf(
      await writeBundle({ feed: office.feed, file, models: ['small@1.0.0'], appVersion: '0.1.0', now }),
    );
    const updates = await desk.updates();
    const signal = new AbortController().signal;
    const outcome = await updates.check(
      { source: { kind: 'bundle', path: file }, here: nothingHere },
      { signal },
    );
    expect(valueOf(outcome)).toMatchObject({
      source: 'stick.outpost',
      offers: [{ version: '1.0.0' }],
      withheld: [],
    });
  });

  it('older than what the network brought is refused', async () => {
    const file = join(office.folder, 'old.outpost');
    valueOf(await writeBundle({ feed: office.feed, file, appVersion: '0.1.0', now }));
    valueOf(await add(office, '1.2.0'));
    expect(codeOf(await desk.check('http'))).toBe('sound');
    const updates = await desk.updates();
    const signal = new AbortController().signal;
    const outcome = await updates.check(
      { source: { kind: 'bundle', path: file }, here: nothingHere },
      { signal },
    );
    expect(codeOf(outcome)).toBe('trust-rollback');
  });
});

it('an empty feed has nothing, and is sound', async () => {
  const empty = await foundOffice();
  const other = await Desk.beside(empty.feed, now);
  expect(valueOf(await other.check())).toMatchObject({ offers: [], withheld: [], revoked: [] });
  await other.close();
});
