import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCardWatch, createIntake } from '../../main/intake/index.ts';
import type { CardWatch } from '../../main/intake/index.ts';
import type { Volume } from '../../main/lib/volumes/index.ts';
import type { Store } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { newFolder } from '../temp/folder.ts';

/* Real folders and a real store; only the list of volumes is given, since a test cannot plug a card in. */

let store: Store;
let plugged: Volume[];
let asked: number;
let watch: CardWatch;
const begin = (): CardWatch =>
  createCardWatch({
    store,
    onChange: () => undefined,
    volumes: () => {
      asked += 1;
      return Promise.resolve([...plugged]);
    },
    mark: () => Promise.resolve(JSON.stringify(plugged)),
    pollMs: 20,
  });
beforeEach(async () => {
  store = await openTestStore(newFolder());
  [plugged, asked] = [[], 0];
  watch = begin();
});
afterEach(async () => {
  watch.close();
  await store.close();
});

const volume = (place: string, id: string | null = 'AB12-34CD', isRemovable = true): Volume => ({
  place,
  id,
  label: 'TRAP1',
  type: 'vfat',
  isRemovable,
});
function fill(card: string, photos: number): string {
  mkdirSync(path.join(card, 'DCIM'), { recursive: true });
  for (let at = 0; at < photos; at += 1)
    writeFileSync(path.join(card, 'DCIM', `IMG_${at}.JPG`), Buffer.from(`photo ${at}`));
  return card;
}
const patience = { timeout: 15_000 };
const counted = async (place: string) => {
  await vi.waitFor(
    () => expect(watch.cards().find((card) => card.place === place)?.content.kind).toBe('counted'),
    patience,
  );
  return watch.cards().find((card) => card.place === place)!;
};

test('a volume with DCIM comes with its photos counted, and goes when it is pulled; drives without are no cards', async () => {
  const [card, stick, disk] = [fill(newFolder('card'), 5), newFolder('stick'), fill(newFolder('disk'), 2)];
  writeFileSync(path.join(card, 'SETTINGS.CFG'), 'x');
  plugged = [volume(card), volume(stick, '1'), volume(disk, '2', false)];
  const found = await counted(card);
  expect(found.content).toMatchObject({ photos: 5, files: 6, known: 0 });
  expect([found.before, found.begun]).toEqual([null, null]);
  expect(watch.cards().map(({ name }) => name)).toEqual(['TRAP1']);
  // Another card in the same reader.
  writeFileSync(path.join(card, 'DCIM', 'IMG_9.JPG'), 'x');
  plugged = [{ ...volume(card, 'EF56-7890'), label: 'TRAP2' }];
  await vi.waitFor(
    () => expect(watch.cards()).toMatchObject([{ name: 'TRAP2', content: { kind: 'counted', photos: 6 } }]),
    patience,
  );
  plugged = [];
  await vi.waitFor(() => expect(watch.cards()).toEqual([]), patience);
});

test('as long as nothing comes or goes no volume is asked', async () => {
  const card = fill(newFolder('card'), 1);
  plugged = [volume(card)];
  await counted(card);
  const before = asked;
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(asked).toBe(before);
});

test('a card says when it was copied, what of it is new, and of a copy that was begun where it is', async () => {
  const card = fill(newFolder('card'), 4);
  const into = newFolder('into');
  const intake = createIntake({ store, appVersion: '0.1.0', now: () => new Date('2026-11-29T07:00:00Z') });
  const signal = new AbortController().signal;
  const request = { card, into, site: 'Ridge' };
  expect(await intake.copy(request, { signal, onEvent: () => undefined })).toMatchObject({ ok: true });
  appendFileSync(path.join(card, 'DCIM', 'IMG_9.JPG'), 'new');

  const added = await watch.add(card);
  expect(added).toMatchObject({ ok: true, value: { isVolume: false, name: path.basename(card) } });
  const known = await counted(card);
  expect(known.content).toMatchObject({ files: 5, known: 4 });
  expect(known.before).toEqual({ site: 'Ridge', at: '2026-11-29T07:00:00.000Z', files: 4 });
  expect(known.begun).toBeNull();

  const abort = new AbortController();
  await intake.copy(
    { ...request, site: 'Ford', takesAll: true },
    { signal: abort.signal, onEvent: ({ kind }) => kind === 'copied' && abort.abort() },
  );
  watch.refresh();
  await vi.waitFor(() => expect(watch.cards()[0]?.begun).toMatchObject({ site: 'Ford', files: 1 }), patience);
  expect(watch.cards()[0]?.target).toBe(path.join(into, '2026-11-29 Ford'));

  rmSync(card, { recursive: true });
  await vi.waitFor(() => expect(watch.cards()).toEqual([]), patience);
  expect(await watch.add(card)).toMatchObject({ ok: false, fault: { code: 'card-not-found' } });
});
