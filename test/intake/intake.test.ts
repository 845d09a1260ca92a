import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Outcome } from '../../contract/faults/faults.ts';
import { Receipt } from '../../contract/runs/receipt.ts';
import { createIntake } from '../../main/intake/index.ts';
import type { IntakeEvent, IntakeOptions, IntakeRequest } from '../../main/intake/index.ts';
import type { Store } from '../../main/store/index.ts';
import { fixture } from '../fakes/engine.ts';
import { canMount, makeDrive, mountMemory } from '../fixtures/drive.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { newFolder } from '../temp/folder.ts';

let data: string;
let store: Store;
let into: string;
beforeEach(async () => {
  data = newFolder();
  into = path.join(newFolder(), 'copies');
  store = await openTestStore(data);
});
afterEach(() => store.close());

const rocket = readFileSync(fixture('photos/rocket.jpg'));
const taken = new Date('2026-10-04T05:06:08Z');
/** A card as a camera leaves it, and what computers wrote on it. */
function fill(card: string, photos: number): void {
  const put = (name: string, bytes: Uint8Array | string): void => {
    const file = path.join(card, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    utimesSync(file, taken, taken);
  };
  for (let at = 0; at < photos; at += 1)
    put(
      `DCIM/10${Math.floor(at / 10)}RECNX/IMG_${String(at).padStart(4, '0')}.JPG`,
      Buffer.concat([rocket, Buffer.from(`#${at}`)]),
    );
  put('DCIM/100RECNX/CLIP0001.AVI', Buffer.alloc(300_000, 7));
  put('SETTINGS.CFG', 'interval=3');
  put('System Volume Information/IndexerVolumeGuid', 'x');
  put('DCIM/._IMG_0000.JPG', 'x');
}
const camerasFiles = (card: string): readonly string[] =>
  readdirSync(card, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/System Volume|\._/u.test(path.join(entry.parentPath, entry.name)))
    .map((entry) => path.relative(card, path.join(entry.parentPath, entry.name)))
    .sort();
const same = (one: string, other: string): void => {
  expect(camerasFiles(other)).toEqual(camerasFiles(one));
  for (const file of camerasFiles(one)) {
    expect(readFileSync(path.join(other, file)).equals(readFileSync(path.join(one, file)))).toBe(true);
    expect(Math.abs(statSync(path.join(other, file)).mtimeMs - taken.getTime())).toBeLessThan(2_000);
  }
};
const copy = (
  request: Partial<IntakeRequest> & { readonly card: string },
  { onEvent = () => undefined, signal = new AbortController().signal }: Partial<IntakeOptions> = {},
): Promise<Outcome<Receipt>> =>
  createIntake({ store, appVersion: '0.1.0', now: () => new Date('2026-11-29T07:00:00Z') }).copy(
    { into, site: 'Waterhole 3', ...request },
    { onEvent, signal },
  );
const got = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.message}`);
  return outcome.value;
};

test('a card is copied whole, checked, with a receipt in both forms and digests that sha256sum takes', async () => {
  const card = newFolder('card');
  fill(card, 12);
  // What a repair of the card found may be the only copy of a photo.
  const repaired = path.join(card, 'FOUND.000', 'FILE0000.CHK');
  mkdirSync(path.dirname(repaired));
  writeFileSync(repaired, rocket);
  utimesSync(repaired, taken, taken);
  const receipt = got(await copy({ card, site: 'Water/hole: 3 ' }));
  const target = path.join(into, '2026-11-29 Water-hole- 3');
  expect(receipt).toMatchObject({
    copy: target,
    files: 15,
    copied: 15,
    missingCount: 0,
    flawedCount: 0,
    passedOver: { system: 2, link: 0 },
    mayBeFormatted: true,
  });
  same(card, target);
  expect(Receipt.parse(JSON.parse(readFileSync(`${target}.receipt.json`, 'utf8')))).toEqual(receipt);
  const text = readFileSync(`${target}.receipt.txt`, 'utf8');
  expect(text).toMatch(/^The card may be formatted\.\n/u);
  const bytes = camerasFiles(card).reduce((sum, file) => sum + statSync(path.join(card, file)).size, 0);
  expect(text).toContain(`15 on the card, ${(bytes / 1e6).toFixed(1)} MB (${bytes} bytes); 15 copied`);
  execFileSync('sha256sum', ['-c', '--strict', '--status', `${target}.sha256`], { cwd: target });
});

test('photos that are cut, empty or no photos are named, copied as they are, and hold nothing up', async () => {
  const card = newFolder('card');
  fill(card, 3);
  const flawed = { 'CUT.JPG': rocket.subarray(0, 9_000), 'EMPTY.JPG': '', 'ZERO.JPG': Buffer.alloc(5_000) };
  for (const [name, bytes] of Object.entries(flawed)) {
    writeFileSync(path.join(card, name), bytes);
    utimesSync(path.join(card, name), taken, taken);
  }
  const receipt = got(await copy({ card }));
  expect(receipt.flawed).toEqual([
    { file: 'CUT.JPG', why: 'cut' },
    { file: 'EMPTY.JPG', why: 'empty' },
    { file: 'ZERO.JPG', why: 'no-picture' },
  ]);
  expect(receipt.mayBeFormatted).toBe(true);
  expect(readFileSync(`${receipt.copy}.receipt.txt`, 'utf8')).toContain('3 photos look damaged');
  same(card, receipt.copy);
});

test('ended at any file it goes on where it was, reads nothing twice, and the next copy of the card takes only what is new', async () => {
  const card = newFolder('card');
  fill(card, 20);
  const digests: string[] = [];
  for (const stopAfter of [1, 7, 15]) {
    const abort = new AbortController();
    const onEvent = (event: IntakeEvent): void => {
      if (event.kind !== 'copied') return;
      digests.push(event.digest);
      if (digests.length >= stopAfter) abort.abort();
    };
    const ended = await copy({ card }, { signal: abort.signal, onEvent });
    expect(ended.ok || ended.fault.code).toBe('cancelled');
    // Another process: nothing is held but what the store and the folder have.
    await store.close();
    store = await openTestStore(data);
  }
  const onEvent = (event: IntakeEvent): void => void (event.kind === 'copied' && digests.push(event.digest));
  const receipt = got(await copy({ card }, { onEvent }));
  expect(receipt).toMatchObject({ files: 22, copied: 22, mayBeFormatted: true });
  same(card, receipt.copy);
  expect([digests.length, new Set(digests).size]).toEqual([22, 22]);
  expect(readdirSync(into)).toHaveLength(4);

  writeFileSync(path.join(card, 'DCIM', '100RECNX', 'NEW.JPG'), rocket);
  const second = got(await copy({ card }));
  expect(second).toMatchObject({
    copy: `${receipt.copy} 2`,
    files: 23,
    copied: 1,
    alreadyCopied: [{ copy: receipt.copy, files: 22 }],
    mayBeFormatted: true,
  });
  expect(camerasFiles(second.copy)).toEqual(['DCIM/100RECNX/NEW.JPG']);

  const there = readdirSync(into);
  const again = got(await copy({ card }));
  expect(again).toMatchObject({
    copy: receipt.copy,
    files: 23,
    copied: 0,
    alreadyCopied: [
      { copy: receipt.copy, files: 22 },
      { copy: second.copy, files: 1 },
    ],
    mayBeFormatted: true,
  });
  expect(again.because).toEqual([
    'All 23 files of the card had been copied before, and each copy was read back now.',
  ]);
  // Nothing was made, and what is known of cards is as it was.
  expect(readdirSync(into)).toEqual(there);
  expect(await store.intakes(10)).toHaveLength(2);

  // Nor where the rest of it cannot be read.
  const lost = path.join(card, 'DCIM', '100RECNX', 'LOST.JPG');
  writeFileSync(lost, rocket);
  const targets: unknown[] = [];
  const losing = (event: IntakeEvent): void => {
    if (event.kind === 'looked') targets.push(event.target);
    if (event.kind === 'passed') rmSync(lost, { force: true });
  };
  const torn = got(await copy({ card }, { onEvent: losing }));
  expect(torn).toMatchObject({
    copy: receipt.copy,
    files: 24,
    copied: 0,
    missing: [{ file: 'DCIM/100RECNX/LOST.JPG', why: 'ENOENT' }],
    mayBeFormatted: false,
  });
  expect([readdirSync(into), (await store.intakes(10)).length]).toEqual([there, 2]);
  got(await copy({ card }, { onEvent: losing }));
  expect(targets).toEqual([`${receipt.copy} 3`, null]);

  // An earlier copy that is not what was copied then is no copy.
  appendFileSync(path.join(receipt.copy, 'SETTINGS.CFG'), 'x');
  rmSync(path.join(receipt.copy, 'DCIM', '100RECNX', 'IMG_0003.JPG'));
  const third = got(await copy({ card }));
  expect(third).toMatchObject({ files: 23, copied: 2, mayBeFormatted: true });
  expect(camerasFiles(third.copy)).toEqual(['DCIM/100RECNX/IMG_0003.JPG', 'SETTINGS.CFG']);
});

test('a card that is pulled is named with the way on, once, and the copy goes on where it was when it is back', async () => {
  const card = path.join(newFolder(), 'card');
  fill(card, 12);
  const messages: string[] = [];
  const digests: string[] = [];
  const onEvent = (event: IntakeEvent): void => {
    if (event.kind === 'copied') digests.push(event.digest);
    if (event.kind === 'copied' && digests.length === 5) renameSync(card, `${card} pulled`);
    if (event.kind === 'back') messages.push(event.card);
    if (event.kind !== 'gone') return;
    const { code, message, hint } = event.fault;
    messages.push(code, message, hint);
    setTimeout(() => renameSync(`${card} pulled`, card), 1_500);
  };
  const receipt = got(await copy({ card }, { onEvent }));
  expect(messages).toEqual([
    'card-gone',
    `${card} is gone: the card was taken out, or does not answer.`,
    'Put it back, and the copy goes on where it was. What is copied already is kept.',
    card,
  ]);
  expect(receipt).toMatchObject({ files: 14, copied: 14, missingCount: 0, mayBeFormatted: true });
  expect([digests.length, new Set(digests).size]).toEqual([14, 14]);
  same(card, receipt.copy);
});

test('cards that are copied at once for the same place get a folder each, and every receipt is true', async () => {
  const cards = [newFolder('card'), newFolder('card'), newFolder('card')];
  for (const [at, card] of cards.entries()) {
    fill(card, 8);
    // The same names and sizes, as cameras count alike.
    appendFileSync(path.join(card, 'DCIM/100RECNX/IMG_0000.JPG'), `card ${at}`);
    utimesSync(path.join(card, 'DCIM/100RECNX/IMG_0000.JPG'), taken, taken);
  }
  // The first card also by another process.
  const [first = ''] = cards;
  const receipts = (await Promise.all([...cards, first].map((card) => copy({ card })))).map(got);
  expect(new Set(receipts.map((receipt) => receipt.copy)).size).toBe(4);
  for (const [at, receipt] of receipts.entries()) {
    expect(receipt).toMatchObject({ mayBeFormatted: true, missingCount: 0 });
    if (receipt.copied === 10) same(cards[at] ?? first, receipt.copy);
  }
  expect(readdirSync(data).filter((name) => name.startsWith('copying-'))).toEqual([]);
});

test('no card, an empty one, and a copy that would lie on the card are refused, with nothing written', async () => {
  const card = newFolder('card');
  const codes: unknown[] = [];
  const refused = async (request: Partial<IntakeRequest> & { readonly card: string }): Promise<void> => {
    const outcome = await copy(request);
    codes.push(outcome.ok || outcome.fault.code);
  };
  await refused({ card: path.join(card, 'none') });
  await refused({ card });
  fill(card, 1);
  await refused({ card, into: path.join(card, 'copies') });
  expect(codes).toEqual(['card-not-found', 'card-empty', 'copy-on-card']);
  expect(readdirSync(into)).toEqual([]);
});

test.skipIf(process.platform !== 'linux')(
  'a place where no folder can be made is refused by name, also where the system says that nothing is there',
  async () => {
    const card = newFolder('card');
    fill(card, 1);
    const file = path.join(newFolder(), 'a file');
    writeFileSync(file, '');
    for (const place of ['/proc/outpost/copies', path.join(file, 'copies'), file])
      expect(await copy({ card, into: place })).toMatchObject({
        ok: false,
        fault: { code: 'place-unwritable', params: { file: place } },
      });
  },
);

/** Every entry with its times; that of reading of files alone, since folders are read by their names. */
const timesOf = (card: string): readonly string[] =>
  readdirSync(card, { recursive: true, withFileTypes: true }).map((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    const { size, mtimeMs, ctimeMs, atimeMs } = lstatSync(file);
    return [path.relative(card, file), size, mtimeMs, ctimeMs, entry.isFile() ? atimeMs : ''].join(' ');
  });

/** Stands in the title where the test is left out. */
const whyNot = (type: 'ext4' | 'vfat'): string =>
  canMount(type)
    ? ''
    : ` (left out: only root of a Linux that has mkfs.${type} and mounts ${type} can try it)`;
for (const type of ['ext4', 'vfat'] as const)
  test.skipIf(!canMount(type))(
    `a real ${type} card that is pulled in the middle, twice, comes back at other places and is copied whole; nothing on it changes, not even a time of reading${whyNot(type)}`,
    async () => {
      const drive = makeDrive(48, type);
      const mounts = newFolder('mnt');
      const at = (name: string): string => path.join(mounts, name);
      const plug = (name: string): void => drive.plug(at(name), 'strictatime');
      plug('first');
      fill(at('first'), 30);
      const before = timesOf(at('first'));
      const events: string[] = [];
      let copied = 0;
      const onEvent = (event: IntakeEvent): void => {
        if (!['read', 'copied', 'passed'].includes(event.kind)) events.push(event.kind);
        if (event.kind === 'copied') copied += 1;
        if (event.kind === 'copied' && copied === 5) drive.pull(at('first'));
        if (event.kind === 'copied' && copied === 20) drive.pull(at('second'));
        if (event.kind === 'gone') setTimeout(() => plug(events.includes('back') ? 'third' : 'second'), 300);
      };
      const receipt = got(await copy({ card: at('first') }, { onEvent }));
      expect(timesOf(at('third'))).toEqual(before);
      expect(events).toEqual(['looked', 'gone', 'back', 'gone', 'back']);
      expect(receipt).toMatchObject({ files: 32, copied: 32, missingCount: 0, mayBeFormatted: true });
      expect(receipt.card).toMatchObject({ place: at('third') });
      expect(receipt.card.volume).toMatch(/^[0-9A-Fa-f-]{9,36}$/u);
      same(at('third'), receipt.copy);
      // Known again by its volume, also when all that was on it is gone.
      rmSync(path.join(at('third'), 'DCIM'), { recursive: true });
      const again = got(await copy({ card: at('third') }));
      expect(again).toMatchObject({ files: 1, copied: 0, alreadyCopied: [{ files: 1 }] });
      drive.pull(at('third'));
    },
    120_000,
  );

test.skipIf(!canMount('tmpfs'))(
  'no room is said before anything is written, and a disk that fills up meanwhile is gone on with',
  async () => {
    const card = newFolder('card');
    fill(card, 12);
    into = path.join(newFolder('mnt'), 'small');
    mountMemory(into, 500);
    const refused = await copy({ card });
    expect(refused.ok || refused.fault.code).toBe('no-room-for-card');
    expect(readdirSync(into)).toEqual([]);

    into = path.join(newFolder('mnt'), 'large');
    mountMemory(into, 4_000);
    const filler = path.join(into, 'filler');
    const onEvent = (event: IntakeEvent): void => {
      if (event.kind !== 'looked') return;
      try {
        writeFileSync(filler, Buffer.alloc(3_600_000));
      } catch {
        // It is as full as it gets.
      }
    };
    const ended = await copy({ card }, { onEvent });
    expect(ended.ok || ended.fault.code).toBe('disk-full');
    rmSync(filler);
    const receipt = got(await copy({ card }));
    expect(receipt).toMatchObject({ copied: 14, mayBeFormatted: true });
    expect(existsSync(path.join(receipt.copy, 'SETTINGS.CFG.partial'))).toBe(false);
    same(card, receipt.copy);
  },
);
