import { linkSync, mkdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { isAnswered } from '../../contract/runs/prediction.ts';
import { fixture, openTestEngine } from '../fakes/engine.ts';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';

const old = new Date(Date.now() - 60_000);

const days = inLong(40, 10);
const photos = days * 500;

test(`${photos} photos are answered in order, and memory does not grow with them`, async () => {
  const folder = newFolder();
  const tree = path.join(folder, 'tree');
  const one = path.join(folder, 'one.png');
  await sharp(fixture('photos/rocket.jpg')).resize(256, 256).png().toFile(one);
  utimesSync(one, old, old);
  for (let day = 0; day < days; day += 1) {
    const below = path.join(tree, String(day).padStart(2, '0'));
    mkdirSync(below, { recursive: true });
    for (let at = 0; at < 500; at += 1) linkSync(one, path.join(below, `${String(at).padStart(3, '0')}.png`));
  }
  const { engine, close } = await openTestEngine();
  const memory: number[] = [];
  let count = 0;
  let last = '';
  for await (const outcome of engine.predictAll({ inputs: [tree] })) {
    if (!isAnswered(outcome)) throw new Error(`${outcome.input}: ${outcome.fault.message}`);
    expect(outcome.input > last).toBe(true);
    last = outcome.input;
    count += 1;
    if (count % (photos / 100) === 0) memory.push(process.memoryUsage().rss / 1e6);
  }
  expect(count).toBe(photos);
  const mean = (from: number, to: number): number =>
    memory.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
  const [early, late] = [mean(20, 30), mean(90, 100)];
  console.log(`${photos} photos: ${early.toFixed(0)} MB after a fifth, ${late.toFixed(0)} MB at the end`);
  expect(late - early).toBeLessThan(inLong(60, 40));
  await close();
});
