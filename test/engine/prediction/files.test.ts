import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { fixture, openTestEngine } from '../../fakes/engine.ts';
import { newFolder } from '../../temp/folder.ts';
import { labelled } from '../../fixtures/labelled.ts';

const opened: OpenedEngine[] = [];
afterEach(async () => {
  for (const { close } of opened.splice(0)) await close({ graceMs: 100 });
});
async function open(...options: Parameters<typeof openTestEngine>) {
  const one = await openTestEngine(...options);
  opened.push(one);
  return one;
}
const folder = newFolder();

/** A small picture with its digest. */
async function small(photo: string) {
  const bytes = await sharp(fixture(`photos/${photo}`))
    .resize(256, 256)
    .png()
    .toBuffer();
  return { bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

it('a file that changes all the time is answered for the bytes that were read, or not at all', async () => {
  const { engine } = await open();
  const pictures = await Promise.all([small('chelsea.png'), small('coffee.png')]);
  const file = path.join(folder, 'changing.png');
  const ask = (useCache = true) => engine.predict({ source: { path: file }, name: 'changing', useCache });
  const right = new Map<string, number | undefined>();
  for (const { bytes, digest } of pictures) {
    writeFileSync(file, bytes);
    const answer = await ask(false);
    right.set(digest, answer.ok ? labelled(answer.value.result).predictions[0]?.index : -1);
  }
  expect(new Set(right.values()).size).toBe(2);

  let writes = 0;
  const writer = setInterval(() => writeFileSync(file, pictures[(writes += 1) % 2]!.bytes), 1);
  const seen = new Map<string, number>();
  for (let turn = 0; turn < 120; turn += 1) {
    const answer = await ask();
    const what = answer.ok ? 'answered' : answer.fault.code;
    seen.set(what, (seen.get(what) ?? 0) + 1);
    if (answer.ok)
      expect(right.get(answer.value.digest), `turn ${turn}`).toBe(
        labelled(answer.value.result).predictions[0]?.index,
      );
  }
  clearInterval(writer);
  expect(writes).toBeGreaterThan(50);
  const allowed = ['answered', 'file-changed', 'file-empty', 'image-unreadable', 'not-a-picture'];
  expect([...seen.keys()].filter((what) => !allowed.includes(what))).toEqual([]);

  for (const { bytes, digest } of pictures) {
    writeFileSync(file, bytes);
    const answer = await ask();
    expect(answer.ok && answer.value.digest).toBe(digest);
  }
});

it('two engines on one data folder both answer, and each finds what the other stored', async () => {
  const dataFolder = newFolder();
  const [one, other] = await Promise.all([open({ dataFolder }), open({ dataFolder })]);
  const photos = ['chelsea.png', 'coffee.png', 'rocket.jpg'].map((name) => fixture(`photos/${name}`));
  const ask = ({ engine }: OpenedEngine, photo: string) =>
    engine.predict({ source: { path: photo }, name: photo });
  const asked = photos.flatMap((photo) => [ask(one, photo), ask(other, photo)]);
  for (const outcome of await Promise.all(asked)) expect(outcome.ok).toBe(true);
  const made = await ask(one, fixture('photos/retina.jpg'));
  expect(made.ok && made.value.cached).toBe(false);
  await one.store.flush();
  const found = await ask(other, fixture('photos/retina.jpg'));
  expect(found.ok && found.value).toMatchObject({ cached: true, at: made.ok && made.value.at });
  expect([one.store.state().kind, other.store.state().kind]).toEqual(['ready', 'ready']);
  await one.close();
  const later = await ask(other, photos[0]!);
  expect(later.ok && later.value.cached).toBe(true);
});

describe.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')('a full disk', () => {
  const disk = path.join(folder, 'disk');
  afterEach(async () => {
    for (const { close } of opened.splice(0)) await close({ graceMs: 100 });
    if (existsSync(disk)) execFileSync('umount', ['-l', disk]);
  });

  it('costs the keeping of answers and nothing else, and is over when there is room', async () => {
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]);
    const { engine, store } = await open({ dataFolder: disk });
    const ballast = path.join(disk, 'ballast');
    try {
      writeFileSync(ballast, Buffer.alloc(4e6));
    } catch {
      // Full, as it should be.
    }
    const source = readFileSync(fixture('photos/chelsea.png'));
    for (let turn = 0; turn < 5; turn += 1) {
      const file = path.join(folder, `full-${turn}.png`);
      // Bytes behind the end of the picture: each file is another to the store, and the same to a person.
      writeFileSync(file, Buffer.concat([source, Buffer.from(String(turn))]));
      const answer = await engine.predict({ source: { path: file }, name: 'full' });
      expect(answer.ok && labelled(answer.value.result).predictions[0]?.label).toBe('tiger cat');
      await store.flush();
    }
    expect(engine.status().store.kind).toBe('disk-full');
    rmSync(ballast);
    await expect.poll(() => engine.status().store.kind, { timeout: 10_000 }).toBe('ready');
    await pause(100);
    const again = await engine.predict({ source: { path: path.join(folder, 'full-0.png') }, name: 'full' });
    expect(again.ok && again.value.cached).toBe(true);
  });
});
