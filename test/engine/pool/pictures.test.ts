import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import type { CopyRequest } from '../../../contract/pictures/picture-copy.ts';
import { availableCores } from '../../../main/lib/capacity.ts';
import { openTestEngine, startCountedWorkers } from '../../fakes/engine.ts';
import { newFolder } from '../../temp/folder.ts';

/* Copies of photos are made by several workers where one does not keep up; nothing that is looked at waits behind them. */

const counted = await startCountedWorkers();
const opened = await openTestEngine({ startWorker: counted.start });
afterAll(() => opened.close({ graceMs: 1_000 }));

const [width, height] = [3_000, 2_000];
const photo = path.join(newFolder(), 'a.jpg');
writeFileSync(
  photo,
  await sharp({ create: { width, height, channels: 3, background: '#385' } })
    .jpeg()
    .toBuffer(),
);
const request: CopyRequest = { width, height, marks: [], blurs: [[300, 200, 1_500, 1_800]], exif: 'keep' };
const digestOf = async (): Promise<string> => {
  const made = await opened.engine.copy(photo, request);
  if (!made.ok) throw new Error(made.fault.message);
  return createHash('sha256').update(made.value).digest('hex');
};

test('copies that wait get a second worker, and a small picture goes ahead of them', async (context) => {
  context.skip(availableCores() < 2, 'one core alone');
  const first = await digestOf();
  const before = counted.started();
  const order: string[] = [];
  const waiting = 12;
  const copies = Array.from({ length: waiting }, (_, at) =>
    digestOf().then((digest) => {
      order.push(`copy ${at}`);
      return digest;
    }),
  );
  const shown = opened.engine.thumbnail(photo, 96).then((outcome) => {
    expect(outcome).toMatchObject({ ok: true });
    order.push('shown');
  });
  // One after another is done and asked for again until the second worker is there.
  const keepAsking = async (): Promise<void> => {
    while (counted.started() === before) await Promise.all([digestOf(), digestOf(), digestOf(), digestOf()]);
  };
  await Promise.all([keepAsking(), keepAsking(), shown]);
  expect(new Set(await Promise.all(copies))).toEqual(new Set([first]));
  expect(order.indexOf('shown')).toBeLessThan(waiting / 2);
}, 60_000);
