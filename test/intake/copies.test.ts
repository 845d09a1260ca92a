import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stepCopy } from '../../contract/runs/camera-card.ts';
import type { CardCopy } from '../../contract/runs/camera-card.ts';
import { failed, fault } from '../../contract/faults/faults.ts';
import { createCardCopies, createIntake } from '../../main/intake/index.ts';
import type { CardCopies, IntakeEvent } from '../../main/intake/index.ts';
import { createCopyPace } from '../../main/intake/copy-pace.ts';
import type { Store } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { newFolder } from '../temp/folder.ts';

let store: Store;
let copies: CardCopies;
let seen: CardCopy[];
beforeEach(async () => {
  store = await openTestStore(newFolder());
  seen = [];
  const intake = createIntake({ store, appVersion: '0.1.0', now: () => new Date() });
  copies = createCardCopies({ intake, onChange: (copy) => void seen.push(copy) });
});
afterEach(async () => {
  await copies.close();
  await store.close();
});

function newCard(photos: number): string {
  const card = newFolder('card');
  mkdirSync(path.join(card, 'DCIM'));
  for (let at = 0; at < photos; at += 1)
    writeFileSync(path.join(card, 'DCIM', `IMG_${at}.JPG`), Buffer.alloc(50_000, at));
  return card;
}
const patience = { timeout: 15_000, interval: 5 };
const ended = (id: string, kind: CardCopy['kind']): Promise<CardCopy> =>
  vi.waitFor(() => {
    const copy = copies.get(id)!;
    expect(copy.kind).toBe(kind);
    return copy;
  }, patience);

test('a copy goes through its states to a receipt, with what is done only growing, and a run is noted', async () => {
  const card = newCard(12);
  const request = { card, volume: null, into: newFolder('into'), site: 'Ridge', name: 'TRAP1' };
  const begun = copies.start(request);
  expect(begun).toMatchObject({ kind: 'looking', card: 'TRAP1', site: 'Ridge' });
  expect(copies.start(request).id).toBe(begun.id);
  const over = await ended(begun.id, 'copied');
  expect(over).toMatchObject({ receipt: { files: 12, copied: 12, mayBeFormatted: true }, run: null });
  const done = seen.flatMap((copy) => (copy.kind === 'copying' ? [copy.progress] : []));
  expect(done.map((one) => one.done)).toEqual(done.map((one) => one.done).sort((a, b) => a - b));
  expect(done.at(-1)).toMatchObject({ files: 12, done: 12, bytes: 600_000, doneBytes: 600_000, leftMs: 0 });
  copies.answered(begun.id, 'r123');
  expect(copies.get(begun.id)).toMatchObject({ run: 'r123' });
  copies.forget(begun.id);
  expect(copies.list()).toEqual([]);
});

test('stopped it keeps what is copied, and goes on in the same folder', async () => {
  const card = newCard(40);
  const into = newFolder('into');
  const { id } = copies.start({ card, volume: null, into, site: null, name: 'card' });
  await vi.waitFor(
    () => expect(seen.at(-1)).toMatchObject({ kind: 'copying', progress: { files: 40 } }),
    patience,
  );
  copies.stop(id);
  await ended(id, 'stopped');
  copies.forget('unknown');
  const resumed = copies.resume(id);
  if (!resumed.ok) throw new Error(resumed.fault.message);
  await ended(resumed.value.id, 'copied');
  expect(copies.list()).toHaveLength(1);
  expect(readdirSync(into).filter((name) => !/receipt|sha256/u.test(name))).toHaveLength(1);
});

test('a card that is not there is a fault, and is tried again by going on', async () => {
  const { id } = copies.start({
    card: '/no/such/card',
    volume: null,
    into: newFolder(),
    site: null,
    name: 'card',
  });
  expect(await ended(id, 'failed')).toMatchObject({ fault: { code: 'card-not-found' } });
  expect(copies.resume(id)).toMatchObject({ ok: true, value: { kind: 'looking' } });
});

test('two cards of one name are two, also where one lies in the place of the other that was pulled', async () => {
  const events = new Map<string, (event: IntakeEvent) => void>();
  const slow = createCardCopies({
    intake: {
      copy: ({ card }, { signal, onEvent }) =>
        new Promise((resolve) => {
          events.set(card, onEvent);
          signal.addEventListener('abort', () => resolve(failed('cancelled')));
        }),
    },
    onChange: () => undefined,
  });
  const start = (card: string, volume: string | null): CardCopy =>
    slow.start({ card, volume, into: '/copies', site: null, name: 'TRAP' });
  const first = start('/media/TRAP', '1A2B-3C4D');
  expect(slow.of({ place: '/media/TRAP', volume: '1A2B-3C4D' })?.id).toBe(first.id);
  expect(slow.of({ place: '/media/TRAP1', volume: '5E6F-7A8B' })).toBeUndefined();
  // A copy of a card, made with all of its blocks, has its id as well.
  expect(slow.of({ place: '/media/TRAP1', volume: '1A2B-3C4D' })).toBeUndefined();
  const emit = events.get('/media/TRAP')!;
  emit({ kind: 'looked', target: '', files: 2, bytes: 20, knownFiles: 0, knownBytes: 0 });
  emit({ kind: 'gone', fault: fault('card-gone', { folder: '/media/TRAP' }) });
  expect(slow.of({ place: '/media/TRAP', volume: '5E6F-7A8B' })).toBeUndefined();
  const second = start('/media/TRAP', '5E6F-7A8B');
  expect(second.id).not.toBe(first.id);
  expect(slow.of({ place: '/media/TRAP2', volume: '1A2B-3C4D' })?.id).toBe(first.id);
  emit({ kind: 'back', card: '/media/TRAP2' });
  expect(slow.of({ place: '/media/TRAP2', volume: '1A2B-3C4D' })?.id).toBe(first.id);
  expect(slow.of({ place: '/media/TRAP', volume: '5E6F-7A8B' })?.id).toBe(second.id);
  slow.stop(second.id);
  await vi.waitFor(() => expect(slow.get(second.id)?.kind).toBe('stopped'), patience);
  expect(slow.of({ place: '/media/TRAP', volume: '5E6F-7A8B' })).toBeUndefined();
  await slow.close();
});

test('what is over takes no step any more, and one that is away keeps its place', () => {
  const base = { id: 'c1', card: 'A', site: null, startedAt: '2026-11-29T07:00:00Z' };
  const progress = createCopyPace().passed({ files: 2, bytes: 20 });
  const why = { code: 'drive-gone', message: '', hint: '', params: {} } as const;
  const looking: CardCopy = { kind: 'looking', ...base };
  const copying = stepCopy(looking, { kind: 'looked', progress });
  const away = stepCopy(copying, { kind: 'gone', fault: why });
  expect(away).toMatchObject({ kind: 'away', progress: { done: 2 } });
  expect(stepCopy(away, { kind: 'back' })).toEqual(copying);
  const stopped = stepCopy(away, { kind: 'stop' });
  expect(stopped).toMatchObject({ kind: 'stopped', progress: { done: 2 } });
  for (const kind of ['back', 'stop'] as const) expect(stepCopy(stopped, { kind })).toBe(stopped);
});

test('the pace is that of the last seconds, says how long it will take, and starts anew after the card was away', () => {
  let now = 0;
  const pace = createCopyPace(() => now);
  const looked = {
    kind: 'looked',
    target: '',
    files: 10,
    bytes: 10_000_000,
    knownFiles: 0,
    knownBytes: 0,
  } as const;
  expect(pace.begin(looked)).toMatchObject({ bytesPerS: 0, leftMs: null });
  for (; now < 2_000;) {
    now += 500;
    pace.read(1_000_000);
  }
  expect(pace.read(0)).toMatchObject({ bytesPerS: 2_000_000, doneBytes: 4_000_000, leftMs: 3_000 });
  expect(pace.passed({ files: 4, bytes: 4_000_000 })).toMatchObject({ done: 4, doneBytes: 4_000_000 });
  // It is gone through once more.
  expect(pace.passed({ files: 1, bytes: 1_000_000 })).toMatchObject({ done: 4, doneBytes: 4_000_000 });
  now += 60_000;
  pace.pause();
  expect(pace.read(1)).toMatchObject({ bytesPerS: 0, leftMs: null });
  pace.copied('a', 'cut');
  expect(pace.copied('a', 'cut').flawed).toBe(1);
});
