import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Offer } from '../../../contract/lifecycle/update.ts';
import { revoke } from '../../../main/feed/index.ts';
import type { FetchRequest } from '../../../main/updates/types.ts';
import { add, copyOffice, days, foundOffice, now, place, valueOf } from '../../feed/fixture.ts';
import type { Office } from '../../feed/fixture.ts';
import { writePack } from '../../packs/fixture.ts';
import { codeOf, Desk, kinds, nothingHere } from './desk.ts';

/* From the metadata to the bytes: what was offered is what comes, by every way. */

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

const to = (): string => join(desk.folder, 'got.outpack');
const signal = new AbortController().signal;

async function offerFrom(kind: (typeof kinds)[number]): Promise<Offer> {
  const [offer] = valueOf(await desk.check(kind)).offers;
  if (!offer) throw new Error('nothing was offered');
  return offer;
}
async function fetchFrom(kind: (typeof kinds)[number], offer: Offer, more: Partial<FetchRequest> = {}) {
  const updates = await desk.updates();
  return updates.fetch({
    source: await desk.source(kind),
    offer,
    to: to(),
    basis: null,
    byHand: true,
    onProgress: () => undefined,
    signal,
    ...more,
  });
}
async function fileOf(version: string): Promise<string> {
  const folder = join(office.feed, 'targets', 'small');
  const name = (await readdir(folder)).find((each) => each.endsWith(`small-${version}.outpack`));
  return join(folder, name ?? '');
}

describe.each(kinds)('over %s', (kind) => {
  it('the bytes that were offered come, and the panel is told how far they are', async () => {
    const offer = await offerFrom(kind);
    const reported: number[] = [];
    const fetched = valueOf(
      await fetchFrom(kind, offer, { onProgress: ({ transferred }) => reported.push(transferred) }),
    );
    expect(fetched.way).toBe(kind === 'http' ? 'full' : 'copy');
    expect(await readFile(to())).toEqual(await readFile(await fileOf('1.1.0')));
    expect(reported.at(-1)).toBe(offer.size);
  });

  it('other bytes of the same length are refused', async () => {
    const offer = await offerFrom(kind);
    const file = await fileOf('1.1.0');
    const bytes = await readFile(file);
    bytes[bytes.byteLength - 30] = (bytes.at(-30) ?? 0) ^ 1;
    await writeFile(file, bytes);
    expect(codeOf(await fetchFrom(kind, offer))).toBe('trust-digest');
    await expect(readFile(to())).rejects.toThrow();
  });

  it('what was revoked since it was offered is refused', async () => {
    const offer = await offerFrom(kind);
    valueOf(
      await revoke({ feed: office.feed, keys: office.keys, now, model: 'small@1.1.0', reason: 'Wrong.' }),
    );
    expect(codeOf(await fetchFrom(kind, offer))).toBe('version-revoked');
  });

  it('an offer that the feed does not make is refused', async () => {
    const offer = await offerFrom(kind);
    expect(codeOf(await fetchFrom(kind, { ...offer, version: '7.0.0' }))).toBe('trust-target-missing');
    expect(codeOf(await fetchFrom(kind, { ...offer, digest: `sha256:${'0'.repeat(64)}` }))).toBe('trust-mix');
  });

  it('an expired feed gives nothing without consent, and over the network not even with it', async () => {
    const offer = await offerFrom(kind);
    desk.now = days(60);
    expect(codeOf(await fetchFrom(kind, offer))).toBe('trust-expired');
    const code = codeOf(await fetchFrom(kind, offer, { consentExpired: true }));
    expect(code).toBe(kind === 'http' ? 'trust-expired' : 'sound');
  });
});

it('a later version is offered with the size of its delta, and comes as one', async () => {
  // Text that does not repeat: base64 of a long digest, with other words in front.
  const weights = createHash('shake256', { outputLength: 450_000 }).update('weights').digest('base64');
  const packs = ['2.0.0', '2.1.0'].map((version) =>
    writePack(join(place(), 'pack'), {
      change: (manifest) => ({ ...manifest, version }),
      files: { 'card.md': `# ${version}\n`, 'golden/b.f32': weights },
    }),
  );
  for (const pack of packs) valueOf(await add(office, '', { packs: [pack] }));
  const first = (await offerFrom('http')).version;
  expect(first).toBe('2.1.0');
  const updates = await desk.updates();
  const source = await desk.source('http');
  const wanted = { model: 'small', version: '2.0.0' };
  const both = valueOf(await updates.check({ source, here: nothingHere, wanted }, { signal })).offers;
  const old = both.find(({ version }) => version === '2.0.0')!;
  const here = { ...nothingHere, installed: [{ ...wanted, digest: old.digest }] };
  const [offer] = valueOf(await updates.check({ source, here }, { signal })).offers;
  expect(offer!.deltaSize).toBeLessThan(offer!.size * 0.3);
  const basis = { file: await fileOf('2.0.0'), version: '2.0.0' };
  const fetched = valueOf(await fetchFrom('http', offer!, { basis }));
  expect(fetched.way).toBe('delta');
  expect(fetched.transferred).toBeLessThan(offer!.size * 0.3);
  expect(await readFile(to())).toEqual(await readFile(await fileOf('2.1.0')));
});
