import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failed } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { Timeline } from '../../contract/lifecycle/timeline.ts';
import { openEngine } from '../../main/composition/index.ts';
import type { OpenedEngine } from '../../main/composition/index.ts';
import { builtEntry } from '../fixtures/built.ts';
import { createStick } from '../fixtures/stick.ts';
import { newFolder } from '../temp/folder.ts';
import { taken } from '../fixtures/taken.ts';

const models = join(import.meta.dirname, '../../models');
const model = 'tensor-demo';
const name = { model, version: '1.1.0' };
const source = { kind: 'folder', path: '/stick' } as const;
let place: string;
let stick: ReturnType<typeof createStick>;
let opened: OpenedEngine;

const open = async (appVersion = '0.1.0'): Promise<OpenedEngine> =>
  openEngine({
    dataFolder: join(place, 'data'),
    modelFolders: [models],
    entries: { worker: await builtEntry('worker'), store: await builtEntry('store') },
    appVersion,
    override: { provider: 'cpu', workers: 1, threads: 1 },
    offeredProviders: ['cpu'],
    log: () => undefined,
    fetcher: stick.fetcher,
  });
beforeEach(async () => {
  place = newFolder('fetched');
  stick = createStick(join(place, 'stick'));
  opened = await open();
});
afterEach(async () => {
  await opened.close();
});

const get = (): Promise<Outcome<Timeline>> => opened.lifecycle.get({ ...name, source });
const entry = async (version = name.version) =>
  taken(await opened.lifecycle.show(model)).versions.find((each) => each.version === version);
const refs = (): readonly string[] => opened.library.list().map(({ ref }) => ref);
function staging(): readonly string[] {
  const folder = join(place, 'data/packs/.staging');
  return existsSync(folder) ? readdirSync(folder) : [];
}
const packFolder = (): string => taken(opened.library.find(`${model}@1.1.0`)).folder;
/** A bad block under one byte of the model. */
function damage(): string {
  const file = join(packFolder(), 'tensor-demo.onnx');
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1]! ^= 1;
  chmodSync(file, 0o600);
  writeFileSync(file, bytes);
  return file;
}
/** Whether what answers for the model gives its golden answers. */
async function answers(): Promise<string> {
  const golden = taken(await opened.engine.models.golden(model));
  expect(golden.passed).toBe(golden.total);
  return golden.model;
}

describe('a version from a feed', () => {
  it('is fetched, proved, tried and told who signed it, arrow by arrow', async () => {
    const offer = await stick.add({ version: '1.1.0' }, { note: 'Counts better.' });
    const got = taken(await get());
    expect(got.pointer.active).toBe('1.0.0');
    expect(await entry()).toMatchObject({
      state: { kind: 'on-trial', phase: 'waiting' },
      digest: offer.digest,
      origin: { kind: 'folder', name: 'stick' },
      signer: { name: 'Northfield' },
      note: 'Counts better.',
      golden: { passed: 1, total: 1 },
      denied: null,
    });
    expect((await entry('1.0.0'))?.origin).toEqual({ kind: 'built-in', name: 'Outpost' });
    const walked = got.events.filter(({ version }) => version === '1.1.0').map(({ to }) => to);
    const arrows = 'offered downloading downloaded verified installed';
    expect(walked.reverse().join(' ')).toBe(`${arrows} on-trial golden on-trial shadow on-trial waiting`);
    expect(taken(opened.library.find(`${model}@1.1.0`)).trust).toBe('signed');
    expect(staging()).toEqual([]);
    // It is here: asking again fetches nothing.
    expect((await get()).ok).toBe(true);
    expect(stick.state.fetches).toBe(1);
  });

  it('that is cancelled or cut off is offered again, and comes the second time', async () => {
    await stick.add({ version: '1.1.0' });
    stick.state.fetch = ({ signal }) =>
      new Promise((settle) => {
        signal.addEventListener('abort', () => settle(failed('cancelled')), { once: true });
      });
    const getting = get();
    await expect.poll(async () => (await entry())?.state.kind).toBe('downloading');
    const twice = await get();
    expect(twice.ok || twice.fault.code).toBe('lifecycle-step');
    await opened.lifecycle.cancel(name);
    const cancelled = await getting;
    expect(cancelled.ok || cancelled.fault.code).toBe('cancelled');
    expect((await entry())?.state.kind).toBe('offered');
    stick.state.fetch = null;
    expect((await get()).ok).toBe(true);
  });

  it.each([
    ['other bytes than were signed', 'trust-digest', { digest: `sha256:${'0'.repeat(64)}` }],
    ['a disk that is too small for it', 'not-enough-space', { unpackedSize: Number.MAX_SAFE_INTEGER / 2 }],
  ] as const)('%s: %s', async (_what, code, change) => {
    await stick.add({ version: '1.1.0' }, change);
    const outcome = await get();
    expect(outcome.ok || outcome.fault.code).toBe(code);
    expect(refs()).not.toContain(`${model}@1.1.0`);
    expect(staging()).toEqual([]);
    expect((await entry())?.state.kind).toBe(code === 'trust-digest' ? 'failed' : 'offered');
    expect(await answers()).toBe(`${model}@1.0.0`);
  });

  it('whose golden samples are wrong here is refused, denied and gone', async () => {
    const spoil = (before: Buffer): Buffer =>
      Buffer.from(before.map((byte, at) => (at === 2 ? byte ^ 0x40 : byte)));
    await stick.add({ version: '1.1.0', files: { 'golden/sum.f32': spoil } });
    const outcome = await get();
    expect(outcome.ok || outcome.fault.code).toBe('golden-failed');
    expect(await entry()).toMatchObject({
      state: { kind: 'failed', from: 'on-trial' },
      denied: { fault: { code: 'golden-failed' } },
    });
    expect(refs()).not.toContain(`${model}@1.1.0`);
    expect(taken(await opened.lifecycle.check(source)).offers).toEqual([]);
    expect(await answers()).toBe(`${model}@1.0.0`);
  });

  it('that is damaged on the disk is repaired with the same bytes, and not with others', async () => {
    const offer = await stick.add({ version: '1.1.0' });
    taken(await get());
    const file = damage();
    const pack = taken(opened.library.find(`${model}@1.1.0`));
    expect((await opened.library.verify(pack)).passed).toBe(false);
    const other = { ...offer, digest: `sha256:${'1'.repeat(64)}` } as const;
    stick.state.offers = [other];
    const wrong = await opened.lifecycle.repair(name, source);
    expect(wrong.ok || wrong.fault.code).toBe('trust-target-missing');
    stick.state.offers = [offer];
    taken(await opened.lifecycle.repair(name, source));
    expect((await opened.library.verify(taken(opened.library.find(`${model}@1.1.0`)))).passed).toBe(true);
    expect(readFileSync(file)).toEqual(readFileSync(join(models, model, 'tensor-demo.onnx')));
    expect((await entry())?.state).toEqual({ kind: 'on-trial', phase: 'waiting' });
  });

  it('is exported as the very archive that it came as', async () => {
    await stick.add({ version: '1.1.0' });
    taken(await get());
    const file = join(place, 'copy.outpack');
    const { size } = taken(await opened.lifecycle.exportTo(name, file));
    const sha = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
    expect([size, sha(file)]).toEqual([
      readFileSync(file).byteLength,
      sha(join(place, 'stick', `${model}-1.1.0.outpack`)),
    ]);
    damage();
    expect((await opened.lifecycle.exportTo(name, join(place, 'bad.outpack'))).ok).toBe(false);
  });
});

describe('a version that answers and must not any more', () => {
  beforeEach(async () => {
    await stick.add({ version: '1.1.0' });
    taken(await get());
    taken(await opened.lifecycle.switchTo(name));
    expect(await answers()).toBe(`${model}@1.1.0`);
  });

  it('is taken back by hand at once, also where it cannot even be loaded', async () => {
    damage();
    await opened.close();
    opened = await open();
    expect((await opened.engine.models.golden(model)).ok).toBe(false);
    taken(await opened.lifecycle.rollBack(model));
    expect(await answers()).toBe(`${model}@1.0.0`);
  });

  it('is taken back by itself when its golden samples, due anew after an update of Outpost, go wrong', async () => {
    damage();
    await opened.close();
    opened = await open('0.2.0');
    await opened.lifecycle.resume();
    expect(taken(await opened.lifecycle.show(model)).pointer).toMatchObject({
      active: '1.0.0',
      canary: null,
    });
    expect(await entry()).toMatchObject({ state: { kind: 'failed', from: 'active' } });
    expect((await entry())?.denied).not.toBeNull();
    expect(await answers()).toBe(`${model}@1.0.0`);
  });

  it('is taken back by itself when its publisher revokes it, and is not switched to again', async () => {
    stick.state.revoked = [{ ...name, reason: 'It confuses two labels.' }];
    taken(await opened.lifecycle.check(source));
    expect(await entry()).toMatchObject({ state: { kind: 'failed' }, revoked: 'It confuses two labels' });
    expect(await answers()).toBe(`${model}@1.0.0`);
    const again = await opened.lifecycle.switchTo(name);
    expect(again.ok).toBe(false);
    await opened.close();
    opened = await open();
    expect(await answers()).toBe(`${model}@1.0.0`);
  });
});
