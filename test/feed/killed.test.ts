import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { runChild } from '../fixtures/killed-child.ts';
import { killedBeforeEachStep } from '../long.ts';
import { loadKeys, rotate, verifyFeed } from '../../main/feed/index.ts';
import {
  add,
  appVersion,
  copyOffice,
  fetchTarget,
  foundOffice,
  openClient,
  packOf,
  passphrase,
  valueOf,
} from './fixture.ts';
import type { Office } from './fixture.ts';

let founded: Office;
beforeAll(async () => {
  founded = await foundOffice({ now: new Date() });
  valueOf(await add(founded, '1.0.0', { now: new Date() }));
});

const small = (version: string): string => `small/small-${version}.outpack`;

test('add, killed before each of its steps: the old feed or the new one, and it can be done again', async () => {
  const pack = packOf('1.1.0');
  const steps = await untilItLives(async (office, step) => {
    const client = openClient(office.feed);
    await client.updater().refresh();
    const ended = await child('add', { office, pack, step });
    expect((await verifyFeed({ feed: office.feed, appVersion })).faults).toEqual([]);
    expect(await fetchTarget(client, small('1.0.0'))).not.toBeNull();
    valueOf(await add(office, '1.1.0', { now: new Date(), packs: [pack] }));
    expect(await fetchTarget(client, small('1.1.0'))).not.toBeNull();
    expect(readdirSync(office.feed).sort()).toEqual(['metadata', 'targets']);
    return ended;
  });
  expect(steps).toBeGreaterThan(12);
}, 240_000);

test('rotation, killed before each of its steps with the old key at hand: sound throughout', async () => {
  const steps = await untilItLives(async (office, step) => {
    const client = openClient(office.feed);
    await client.updater().refresh();
    const ended = await child('rotate', { office, pack: '', step });
    expect((await verifyFeed({ feed: office.feed, appVersion })).faults).toEqual([]);
    expect(await fetchTarget(client, small('1.0.0'))).not.toBeNull();
    return ended;
  });
  expect(steps).toBeGreaterThan(6);
}, 240_000);

test('rotation, killed before each of its steps with the old key lost: the next command finishes it', async () => {
  let unsound = 0;
  await untilItLives(async (office, step) => {
    rmSync(join(office.keyFolder, 'packs.pem'));
    const client = openClient(office.feed);
    await client.updater().refresh();
    const ended = await child('rotate', { office, pack: '', step });
    if ((await verifyFeed({ feed: office.feed, appVersion })).faults.length > 0) unsound += 1;
    const keys = valueOf(await loadKeys(office.keyFolder, passphrase));
    const change = { feed: office.feed, keys, passphrase, newKeys: office.keyFolder };
    valueOf(await rotate({ ...change, role: 'packs' }));
    expect((await verifyFeed({ feed: office.feed, appVersion })).faults).toEqual([]);
    expect(await fetchTarget(client, small('1.0.0'))).not.toBeNull();
    return ended;
  });
  // Between the root and the timestamp there is one rename that no key can bridge.
  expect(unsound).toBeLessThanOrEqual(1);
}, 240_000);

/** How many steps the change has; each attempt begins with the same feed. */
const untilItLives = (
  attempt: (office: Office, step: number) => Promise<'killed' | 'done'>,
): Promise<number> =>
  killedBeforeEachStep((step) => attempt(copyOffice(founded), step), { every: 5, atOnce: 2 });

type Attempt = { readonly office: Office; readonly pack: string; readonly step: number };
async function child(name: 'add' | 'rotate', { office, pack, step }: Attempt): Promise<'killed' | 'done'> {
  const args = [name, office.feed, office.keyFolder, pack, String(step)];
  const { code, signal, output } = await runChild('killed-feed', args);
  if (signal === 'SIGKILL') return 'killed';
  if (code !== 0) throw new Error(output);
  return 'done';
}
