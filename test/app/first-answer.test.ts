import { expect, test } from 'vitest';
import { firstAnswer } from '../../main/app/first-answer.ts';

const isOver = (given: Promise<void>): Promise<boolean> =>
  Promise.race([given.then(() => true), new Promise<boolean>((done) => setTimeout(() => done(false), 20))]);

test('without a photo nothing waits', async () => {
  expect(await isOver(firstAnswer(false).given)).toBe(true);
});

test('with one, what can wait waits for its answer', async () => {
  const { given, give } = firstAnswer(true, 60_000);
  expect(await isOver(given)).toBe(false);
  give();
  expect(await isOver(given)).toBe(true);
});

test('and never longer than its time', async () => {
  const keepAlive = setTimeout(() => undefined, 10_000);
  await firstAnswer(true, 30).given;
  clearTimeout(keepAlive);
});
