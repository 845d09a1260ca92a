import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openPromise } from 'yauzl';
import { allowRollback, revoke, rotate, writeBundle } from '../../main/feed/index.ts';
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
  for (const version of ['1.0.0', '1.1.0', '1.2.0'])
    valueOf(await add(founded, version, { now: new Date() }));
  valueOf(await add(founded, '2.0.0', { now: new Date(), channels: ['early'] }));
});

const bundle = (office: Office, file: string, models: readonly string[] = []) =>
  writeBundle({ feed: office.feed, file, models, appVersion });

test('the same feed gives the same bytes', async () => {
  const folder = place();
  const [one, other] = [join(folder, 'one.outpost'), join(folder, 'other.outpost')];
  valueOf(await bundle(founded, one));
  const zone = process.env['TZ'];
  process.env['TZ'] = 'Pacific/Auckland';
  valueOf(await bundle(copyOffice(founded), other));
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
  const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
  expect(digest(one)).toBe(digest(other));
});

test('unpacked it is a feed that tuf-js takes, across a rotation', async () => {
  const office = copyOffice(founded);
  const { feed, keys, keyFolder } = office;
  valueOf(await rotate({ feed, keys, role: 'packs', newKeys: keyFolder, passphrase }));
  const file = join(office.folder, 'survey.outpost');
  const written = valueOf(await bundle(office, file));
  expect(written.models).toEqual(['small@1.2.0', 'small@2.0.0']);
  const stick = place();
  const names = await unzip(file, stick);
  expect(names.slice(0, 3)).toEqual([
    'metadata/1.root.json',
    'metadata/2.root.json',
    'metadata/timestamp.json',
  ]);
  const client = openClient(stick, join(founded.feed, 'metadata', '1.root.json'));
  expect(await fetchTarget(client, 'small/small-1.2.0.outpack')).not.toBeNull();
  expect(await fetchTarget(client, 'small/small-1.2.0.outpack.blockmap')).not.toBeNull();
});

test('only what was asked for; what may be gone back to; nothing that was revoked', async () => {
  const office = copyOffice(founded);
  const file = join(office.folder, 'one.outpost');
  expect(valueOf(await bundle(office, file, ['small@1.1.0'])).models).toEqual(['small@1.1.0']);
  const change = { feed: office.feed, keys: office.keys };
  valueOf(await allowRollback({ ...change, model: 'small@1.0.0' }));
  valueOf(await revoke({ ...change, model: 'small@1.2.0', reason: 'Wrong.' }));
  expect(valueOf(await bundle(office, file, ['small'])).models).toEqual([
    'small@1.0.0',
    'small@1.1.0',
    'small@2.0.0',
  ]);
  expect(faultOf(await bundle(office, file, ['moss'])).code).toBe('feed-model-unknown');
  expect(faultOf(await bundle(office, file, ['small@9.0.0'])).code).toBe('feed-model-unknown');
});

test('a damaged or expired feed is not bundled, and an old bundle stays', async () => {
  const office = copyOffice(founded);
  const file = join(office.folder, 'survey.outpost');
  valueOf(await bundle(office, file));
  const before = readFileSync(file);
  const late = { feed: office.feed, file, appVersion, now: new Date(Date.now() + 60 * 86_400_000) };
  expect(faultOf(await writeBundle(late)).code).toBe('trust-expired');
  const targets = join(office.feed, 'targets', 'small');
  const pack = readdirSync(targets).find((name) => name.endsWith('2.0.0.outpack'))!;
  writeFileSync(join(targets, pack), 'no pack');
  expect(faultOf(await bundle(office, file)).code).toBe('trust-digest');
  rmSync(join(targets, pack));
  expect(faultOf(await bundle(office, file)).code).toBe('trust-target-missing');
  expect(readFileSync(file)).toEqual(before);
});

async function unzip(file: string, folder: string): Promise<readonly string[]> {
  const zip = await openPromise(file);
  const names: string[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      expect(entry.compressionMethod).toBe(0);
      names.push(entry.fileName);
      const pieces: Buffer[] = [];
      for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer);
      mkdirSync(dirname(join(folder, entry.fileName)), { recursive: true });
      writeFileSync(join(folder, entry.fileName), Buffer.concat(pieces));
    }
  } finally {
    zip.close();
  }
  return names;
}
