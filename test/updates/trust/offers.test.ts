import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckReport } from '../../../contract/lifecycle/update.ts';
import type { OnHere } from '../../../main/updates/types.ts';
import { rolloutPlace } from '../../../main/updates/offers/staging.ts';
import { makeKey, sha256 } from '../../fixtures/feed-builder.ts';
import type { Json, Pack } from '../../fixtures/feed-builder.ts';
import { Desk, kinds, nothingHere } from './desk.ts';
import { reason } from '../../../contract/faults/reasons.ts';

let desk: Desk;
let version: number;
beforeEach(async () => {
  version = 0;
  desk = await Desk.open();
  await desk.feed.root();
  desk.trustFirstRoot();
});
afterEach(() => desk.close());

const publish = (packs: readonly Pack[], notes: Json = {}): Promise<void> =>
  desk.feed.publish({ version: (version += 1), packs, notes });
const have = (...versions: string[]): OnHere => ({
  ...nothingHere,
  installed: versions.map((each) => ({
    model: 'birds',
    version: each,
    digest: `sha256:${sha256(`pack birds ${each}`)}`,
  })),
});
async function report(here: OnHere, kind: (typeof kinds)[number] = 'folder'): Promise<CheckReport> {
  const outcome = await desk.check(kind, { here });
  if (!outcome.ok) throw new Error(outcome.fault.message);
  return outcome.value;
}
async function reported(here: OnHere, kind: (typeof kinds)[number] = 'folder'): Promise<unknown> {
  const { offers, withheld } = await report(here, kind);
  return {
    offers: offers.map((offer) => `${offer.model}@${offer.version}`),
    withheld: withheld.map((each) => `${each.model}@${each.version}: ${each.fault.code}`),
  };
}
const revoked = (each: string) => ({ id: 'birds', version: each, reason: 'wrong labels' });

describe('what is offered', () => {
  it('is the newest version, with everything a person wants to know first', async () => {
    await publish([{ version: '1.0.0' }, { version: '1.10.0' }, { version: '1.9.0' }]);
    const { offers } = await report(nothingHere);
    const bytes = 'pack birds 1.10.0';
    expect(offers).toEqual([
      {
        model: 'birds',
        version: '1.10.0',
        digest: `sha256:${sha256(bytes)}`,
        title: 'Birds',
        summary: 'Names birds.',
        licence: 'Apache-2.0',
        note: 'Sees owls at dusk.',
        size: bytes.length,
        deltaSize: null,
        unpackedSize: bytes.length,
        publishedAt: '2026-11-01T00:00:00Z',
        signer: {
          name: 'Survey Office',
          key: desk.feed.keys.targets[0]!.id.slice(0, 16),
          at: '2026-11-20T12:00:00Z',
        },
      },
    ]);
  });

  it('is nothing where the newest is installed', async () => {
    await publish([{ version: '1.0.0' }, { version: '1.1.0' }]);
    expect(await reported(have('1.1.0'))).toEqual({ offers: [], withheld: [] });
  });

  it('is of the channel of the settings', async () => {
    await publish([{ version: '1.0.0' }, { version: '2.0.0-beta.1', custom: { channels: ['beta'] } }]);
    expect(await reported(nothingHere)).toEqual({ offers: ['birds@1.0.0'], withheld: [] });
    desk.settings = { ...desk.settings, feedChannel: 'beta' };
    expect(await reported(nothingHere)).toEqual({ offers: ['birds@2.0.0-beta.1'], withheld: [] });
  });

  it('goes model by model', async () => {
    await publish([{ version: '1.1.0' }, { id: 'moths', version: '0.3.0' }]);
    expect(await reported(have('1.0.0'))).toEqual({ offers: ['birds@1.1.0', 'moths@0.3.0'], withheld: [] });
  });
});

describe('for a part of a composed pack', () => {
  const forPart = async (versions: string, here = nothingHere): Promise<unknown> => {
    const outcome = await desk.check('http', { here, part: { pack: 'birds', versions } });
    if (!outcome.ok) throw new Error(outcome.fault.message);
    return {
      offers: outcome.value.offers.map((offer) => offer.version),
      withheld: outcome.value.withheld.map((each) => `${each.version}: ${each.fault.code}`),
    };
  };

  it('the newest version in its range is offered beside the newest of all, once where they are the same', async () => {
    await publish([{ version: '1.0.0' }, { version: '1.4.0' }, { version: '2.0.0' }]);
    expect(await forPart('^1.0.0')).toEqual({ offers: ['2.0.0', '1.4.0'], withheld: [] });
    expect(await forPart('>=1.0.0')).toEqual({ offers: ['2.0.0'], withheld: [] });
    expect(await forPart('^3.0.0')).toEqual({ offers: ['2.0.0'], withheld: [] });
  });

  it('of the range that which can be had is offered, and the others say why not', async () => {
    await publish(
      [
        { version: '1.0.0' },
        { version: '1.4.0' },
        { version: '1.5.0', custom: { channels: ['beta'] } },
        { version: '2.0.0' },
      ],
      { revoked: [revoked('1.4.0')] },
    );
    expect(await forPart('^1.0.0')).toEqual({
      offers: ['2.0.0', '1.0.0'],
      withheld: ['1.4.0: version-revoked'],
    });
    // A part does not open the way back behind a version that was installed.
    expect(await forPart('^1.0.0', have('2.0.0'))).toEqual({
      offers: [],
      withheld: ['1.4.0: version-revoked', '1.0.0: version-not-newer'],
    });
  });
});

describe('what is withheld says why', () => {
  it('not newer', async () => {
    await publish([{ version: '1.0.0' }]);
    expect(await reported(have('1.1.0'))).toEqual({
      offers: [],
      withheld: ['birds@1.0.0: version-not-newer'],
    });
  });

  it('not newer, but the publisher allows the way back', async () => {
    await publish([{ version: '1.0.0' }, { version: '1.1.0' }], {
      allowRollbackTo: [{ id: 'birds', version: '1.0.0' }],
    });
    expect(await reported(have('1.1.0'))).toEqual({ offers: ['birds@1.0.0'], withheld: [] });
  });

  it('not newer than what was installed once and removed, but what was removed may come back', async () => {
    await publish([{ version: '1.0.0' }, { version: '1.1.0' }]);
    await report(have('1.1.0'));
    await publish([{ version: '1.0.0' }]);
    expect(await reported(nothingHere)).toEqual({
      offers: [],
      withheld: ['birds@1.0.0: version-not-newer'],
    });
    await publish([{ version: '1.0.0' }, { version: '1.1.0' }]);
    expect(await reported(nothingHere)).toEqual({ offers: ['birds@1.1.0'], withheld: [] });
    // A new key for packs starts counting anew.
    await desk.feed.root({ keys: { ...desk.feed.keys, targets: [makeKey()] } });
    await publish([{ version: '1.0.0' }]);
    expect(await reported(nothingHere)).toEqual({ offers: ['birds@1.0.0'], withheld: [] });
  });

  it('same version with other content than is installed', async () => {
    await publish([{ version: '1.0.0', bytes: Buffer.from('other') }]);
    expect(await reported(have('1.0.0'))).toEqual({ offers: [], withheld: ['birds@1.0.0: trust-mix'] });
  });

  it('taken back on this computer, until a newer one comes', async () => {
    const here = { ...have('1.0.0'), denied: [{ model: 'birds', version: '1.1.0', why: reason('by-hand') }] };
    await publish([{ version: '1.1.0' }]);
    expect(await reported(here)).toEqual({ offers: [], withheld: ['birds@1.1.0: version-denied'] });
    await publish([{ version: '1.1.0' }, { version: '1.1.1' }]);
    expect(await reported(here)).toEqual({ offers: ['birds@1.1.1'], withheld: [] });
  });

  it('revoked; one that is installed is named, and does not stand in the way of a sound older one', async () => {
    await publish([{ version: '1.0.0' }, { version: '1.1.0' }], { revoked: [revoked('1.1.0')] });
    expect(await reported(nothingHere)).toEqual({
      offers: ['birds@1.0.0'],
      withheld: ['birds@1.1.0: version-revoked'],
    });
    expect(await report(have('1.1.0'))).toMatchObject({
      offers: [{ version: '1.0.0' }],
      revoked: [{ model: 'birds', version: '1.1.0', reason: 'wrong labels' }],
    });
    expect((await report(have('1.0.0'))).revoked).toEqual([]);
  });

  it('needs a newer Outpost, while an older version fits', async () => {
    await publish([{ version: '1.0.0' }, { version: '2.0.0', custom: { minimumAppVersion: '0.5.0' } }]);
    expect(await reported(nothingHere)).toEqual({
      offers: ['birds@1.0.0'],
      withheld: ['birds@2.0.0: pack-app-too-old'],
    });
  });

  it('being rolled out in steps over http; a stick or bundle is consent', async () => {
    await publish([{ version: '1.0.0', custom: { staging: 0 } }]);
    expect(await reported(nothingHere, 'http')).toEqual({
      offers: [],
      withheld: ['birds@1.0.0: version-staged'],
    });
    for (const kind of ['folder', 'bundle'] as const)
      expect(await reported(nothingHere, kind)).toEqual({ offers: ['birds@1.0.0'], withheld: [] });
  });
});

describe('a version that is asked for by number', () => {
  const ask = async (here: OnHere, wanted: string): Promise<unknown> => {
    const updates = await desk.updates();
    const outcome = await updates.check(
      { source: await desk.source('http'), here, wanted: { model: 'birds', version: wanted } },
      { signal: new AbortController().signal },
    );
    if (!outcome.ok) throw new Error(outcome.fault.message);
    return [
      ...outcome.value.offers.map(({ version }) => version),
      ...outcome.value.withheld.map(({ version, fault }) => `${version}: ${fault.code}`),
    ];
  };
  beforeEach(() =>
    publish([{ version: '1.0.0' }, { version: '1.1.0' }, { version: '1.2.0' }], {
      revoked: [revoked('1.0.0')],
    }),
  );

  it('is offered beside the newest, when it is no step back', async () => {
    expect(await ask(nothingHere, '1.1.0')).toEqual(['1.2.0', '1.1.0']);
    expect(await ask(have('1.2.0'), '1.1.0')).toEqual(['1.1.0: version-not-newer']);
    expect(await ask(nothingHere, '1.0.0')).toEqual(['1.2.0', '1.0.0: version-revoked']);
    expect(await ask(nothingHere, '7.0.0')).toEqual(['1.2.0']);
  });

  it('is offered for a repair, though it or a newer one is installed', async () => {
    expect(await ask(have('1.1.0', '1.2.0'), '1.1.0')).toEqual(['1.1.0']);
    expect(await ask(have('1.2.0'), '1.2.0')).toEqual(['1.2.0']);
  });
});

it('names the newest installer of Outpost for a platform', async () => {
  const installer = (release: string, platform: string): Json => {
    const bytes = Buffer.from(`outpost ${release} ${platform}`);
    const sha512 = createHash('sha512').update(bytes).digest('hex');
    const file = `Outpost-${release}-${platform}.AppImage`;
    const custom = {
      outpost: {
        kind: 'app',
        version: release,
        platform,
        file,
        note: '',
        publishedAt: '2026-11-01T00:00:00Z',
      },
    };
    return {
      [`app/${file}`]: { length: bytes.byteLength, hashes: { sha256: sha256(bytes), sha512 }, custom },
    };
  };
  const others = {
    ...installer('0.9.0', 'linux-x64'),
    ...installer('0.10.0', 'linux-x64'),
    ...installer('0.11.0', 'darwin-arm64'),
  };
  await desk.feed.publish({ version: 1, packs: [], others });
  const updates = await desk.updates();
  const source = await desk.source('http');
  const sha512 = createHash('sha512').update('outpost 0.10.0 linux-x64').digest('base64');
  expect(await updates.appOffer(source, 'linux-x64')).toMatchObject({
    value: { version: '0.10.0', file: 'Outpost-0.10.0-linux-x64.AppImage', size: 24, sha512 },
  });
  expect(await updates.appOffer(source, 'win32-x64')).toEqual({ ok: true, value: null });
});

describe('what a source lists but does not have', () => {
  const lose = (release: string): Promise<void> => {
    const bytes = `pack birds ${release}`;
    return rm(join(desk.feed.folder, `targets/birds/${sha256(bytes)}.birds-${release}.outpack`));
  };
  beforeEach(async () => {
    await publish([{ version: '1.0.0' }, { version: '1.1.0' }]);
    await lose('1.1.0');
  });

  it('is told of a folder', async () => {
    expect(await reported(nothingHere)).toEqual({
      offers: ['birds@1.0.0'],
      withheld: ['birds@1.1.0: trust-target-missing'],
    });
  });

  it('was left out of a bundle on purpose', async () => {
    expect(await reported(nothingHere, 'bundle')).toEqual({ offers: ['birds@1.0.0'], withheld: [] });
  });

  it('or has in another length', async () => {
    const name = `targets/birds/${sha256('pack birds 1.1.0')}.birds-1.1.0.outpack`;
    await desk.feed.write(name, 'short');
    for (const kind of ['folder', 'bundle'] as const)
      expect(await reported(nothingHere, kind)).toEqual({
        offers: ['birds@1.0.0'],
        withheld: ['birds@1.1.0: trust-digest'],
      });
  });
});

describe('the roll-out', () => {
  const devices = Array.from({ length: 2000 }, (_, at) => `device-${at}`);
  const among = (percent: number, release: string): Set<string> =>
    new Set(devices.filter((device) => rolloutPlace(device, 'birds', release) < percent));

  it('only ever adds devices when the share goes up', () => {
    let before = among(0, '1.0.0');
    expect(before.size).toBe(0);
    for (const percent of [1, 5, 10, 25, 50, 75, 99, 100]) {
      const now = among(percent, '1.0.0');
      expect([...before].every((device) => now.has(device))).toBe(true);
      expect(now.size / devices.length).toBeCloseTo(percent / 100, 1);
      before = now;
    }
    expect(before.size).toBe(devices.length);
  });

  it('places a device the same each time, and elsewhere for another release', () => {
    for (const device of devices.slice(0, 20))
      expect(rolloutPlace(device, 'birds', '1.0.0')).toBe(rolloutPlace(device, 'birds', '1.0.0'));
    const later = among(10, '1.1.0');
    const both = [...among(10, '1.0.0')].filter((device) => later.has(device));
    expect(both.length).toBeLessThan(devices.length * 0.03);
  });

  it('offers over http to exactly the devices that it says', async () => {
    await publish([{ version: '1.0.0', custom: { staging: 30 } }]);
    for (const deviceId of devices.slice(0, 12)) {
      const { offers } = await report({ ...nothingHere, deviceId }, 'http');
      expect(offers.length === 1).toBe(rolloutPlace(deviceId, 'birds', '1.0.0') < 30);
    }
  });
});
