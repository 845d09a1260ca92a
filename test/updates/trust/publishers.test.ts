import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeKey, makeKeys } from '../../fixtures/feed-builder.ts';
import { ownMark } from '../../../main/lib/process-mark.ts';
import { codeOf, Desk, nothingHere } from './desk.ts';

let desk: Desk;
const signal = new AbortController().signal;
const rootFile = (): string => join(desk.feed.folder, 'metadata/1.root.json');

beforeEach(async () => {
  desk = await Desk.open();
  await desk.feed.root({ expires: '2028-01-01T00:00:00Z' });
  await desk.feed.publish();
});
afterEach(() => desk.close());

describe('a first root that a person brings', () => {
  it('shows whose it is before it is trusted', async () => {
    const updates = await desk.updates();
    expect(await updates.previewRoot(rootFile())).toEqual({
      ok: true,
      value: {
        publisher: 'Survey Office',
        fingerprint: desk.feed.fingerprint,
        keys: 3,
        threshold: 2,
        expires: '2028-01-01T00:00:00Z',
      },
    });
    expect(await desk.check()).toMatchObject({
      fault: { code: 'feed-untrusted', params: { publisher: 'Survey Office' } },
    });
  });

  it('is trusted by its fingerprint, in whatever way it was read aloud, and forgotten again', async () => {
    const updates = await desk.updates();
    const spoken = desk.feed.fingerprint.toUpperCase().replace(/(.{4})/gu, '$1 ');
    expect(codeOf(await updates.trust(rootFile(), '0'.repeat(64)))).toBe('fingerprint-differs');
    expect(codeOf(await updates.trust(rootFile(), desk.feed.fingerprint.slice(0, 16)))).toBe(
      'fingerprint-differs',
    );
    expect(codeOf(await updates.trust(rootFile(), spoken))).toBe('sound');
    expect(updates.state().publishers).toEqual([
      { name: 'Survey Office', fingerprint: desk.feed.fingerprint, rootVersion: 1, isBuiltIn: false },
    ]);
    expect(codeOf(await desk.check())).toBe('sound');
    expect(codeOf(await updates.distrust(desk.feed.fingerprint))).toBe('sound');
    expect(updates.state().publishers).toEqual([]);
    expect(codeOf(await desk.check())).toBe('feed-untrusted');
  });

  it('is refused when it is not signed by its own keys, or is none', async () => {
    const updates = await desk.updates();
    await desk.feed.root({ version: 1, signers: [makeKey(), makeKey()] });
    expect(codeOf(await updates.previewRoot(rootFile()))).toBe('trust-wrong-key');
    await writeFile(rootFile(), 'hello');
    expect(codeOf(await updates.trust(rootFile(), desk.feed.fingerprint))).toBe('trust-malformed');
    expect(codeOf(await updates.previewRoot(join(desk.folder, 'none.json')))).toBe('file-not-found');
  });

  it('may be a later one of the chain', async () => {
    await desk.feed.root({ keys: makeKeys() });
    await desk.feed.root();
    await desk.feed.publish({ version: 2 });
    const updates = await desk.updates();
    const second = join(desk.feed.folder, 'metadata/2.root.json');
    const preview = await updates.previewRoot(second);
    if (!preview.ok) throw new Error(preview.fault.message);
    expect(codeOf(await updates.trust(second, preview.value.fingerprint))).toBe('sound');
    expect(codeOf(await desk.check())).toBe('sound');
    expect((await desk.updates()).state().publishers).toMatchObject([{ rootVersion: 3 }]);
  });

  it('keeps its ratchets when it is forgotten and trusted again', async () => {
    const updates = await desk.updates();
    await updates.trust(rootFile(), desk.feed.fingerprint);
    await desk.feed.publish({ version: 5 });
    expect(codeOf(await desk.check())).toBe('sound');
    await updates.distrust(desk.feed.fingerprint);
    await updates.trust(rootFile(), desk.feed.fingerprint);
    await desk.feed.publish({ version: 4 });
    expect(codeOf(await desk.check())).toBe('trust-rollback');
  });
});

it('can do without a publisher that is built in', async () => {
  desk.trustFirstRoot();
  const updates = await desk.updates();
  expect(updates.state().publishers).toMatchObject([{ isBuiltIn: true }]);
  await updates.distrust(desk.feed.fingerprint);
  expect(codeOf(await desk.check())).toBe('feed-untrusted');
  await updates.trust(rootFile(), desk.feed.fingerprint);
  expect(codeOf(await desk.check())).toBe('sound');
});

it('knows several publishers apart', async () => {
  const other = await Desk.open();
  await other.feed.root({ expires: '2029-01-01T00:00:00Z' });
  await other.feed.publish({ version: 7, packs: [{ id: 'moths', version: '3.0.0' }] });
  const updates = await desk.updates();
  await updates.trust(rootFile(), desk.feed.fingerprint);
  await updates.trust(join(other.feed.folder, 'metadata/1.root.json'), other.feed.fingerprint);
  expect(updates.state().publishers).toHaveLength(2);
  const check = (path: string) =>
    updates.check({ source: { kind: 'folder', path }, here: nothingHere }, { signal });
  expect(await check(desk.feed.folder)).toMatchObject({ value: { offers: [{ model: 'birds' }] } });
  expect(await check(other.feed.folder)).toMatchObject({ value: { offers: [{ model: 'moths' }] } });
  // The other's higher versions hold back nothing here.
  await desk.feed.publish({ version: 2 });
  expect(codeOf(await check(desk.feed.folder))).toBe('sound');
  await other.close();
});

describe('what lies in the trust folder', () => {
  it('is no way in: a root under another’s name is not trusted', async () => {
    const folder = join(desk.trustFolder, '0123456789abcdef');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'first-root.json'), desk.feed.firstRoot);
    expect(codeOf(await desk.check())).toBe('feed-untrusted');
  });

  it('may be damaged in every file without locking anything', async () => {
    desk.trustFirstRoot();
    await desk.feed.root();
    expect(codeOf(await desk.check())).toBe('sound');
    const metadata = join(desk.trustFolder, desk.feed.fingerprint.slice(0, 16), 'metadata');
    const names = await readdir(metadata);
    expect(names.sort()).toEqual(['2.root.json', 'snapshot.json', 'targets.json', 'timestamp.json']);
    for (const name of names) {
      await writeFile(join(metadata, name), '{"signed":');
      expect(codeOf(await desk.check())).toBe('sound');
    }
  });

  it('has no run left over, also where one was killed', async () => {
    desk.trustFirstRoot();
    const folder = join(desk.trustFolder, desk.feed.fingerprint.slice(0, 16));
    const killed = `run-${ownMark().replace(/^\d+/u, '999999999')}-abcdef`;
    const [ofOther, old] = ['run-1.2.3.4-abcdef', 'run-999999999-abcdef'];
    for (const name of [killed, ofOther, old]) await mkdir(join(folder, name), { recursive: true });
    const hoursAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(join(folder, old), hoursAgo, hoursAgo);
    expect(codeOf(await desk.check())).toBe('sound');
    // One of a process that cannot be seen from here is left alone for an hour.
    expect((await readdir(folder)).sort()).toEqual(['metadata', ofOther]);
  });
});

describe('the panel', () => {
  it('tells of checks of the feed of the settings, also after a restart', async () => {
    desk.trustFirstRoot();
    desk.settings = { ...desk.settings, feed: desk.feed.folder };
    const updates = await desk.updates();
    const kinds: string[] = [];
    updates.onChange(() => kinds.push(updates.state().kind));
    const source = { kind: 'folder', path: desk.feed.folder } as const;
    await updates.check({ source, here: nothingHere }, { signal });
    expect(kinds).toContain('checking');
    expect(updates.state()).toMatchObject({
      kind: 'idle',
      fault: null,
      lastCheck: { publisher: 'Survey Office' },
    });
    await desk.feed.publish({ version: 2, signers: { targets: [] } });
    await updates.check({ source, here: nothingHere }, { signal });
    expect((await desk.updates()).state()).toMatchObject({
      fault: { code: 'trust-unsigned' },
      lastCheck: { publisher: 'Survey Office' },
      checkedAt: '2026-11-20T12:00:00.000Z',
    });
  });

  it('does not take a stick for the feed', async () => {
    desk.trustFirstRoot();
    await desk.check('bundle');
    expect((await desk.updates()).state()).toMatchObject({ lastCheck: null, checkedAt: null });
  });
});

it('two checks at once both come to an end', async () => {
  desk.trustFirstRoot();
  const updates = await desk.updates();
  const source = { kind: 'folder', path: desk.feed.folder } as const;
  const both = await Promise.all(
    [1, 2, 3].map(() => updates.check({ source, here: nothingHere }, { signal })),
  );
  expect(both.map(codeOf)).toEqual(['sound', 'sound', 'sound']);
  await rm(desk.trustFolder, { recursive: true });
});
