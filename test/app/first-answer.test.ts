import { expect, test } from 'vitest';
import { expectFirstAnswer } from '../../main/app/first-answer.ts';

const isOver = (done: Promise<void>): Promise<boolean> =>
  Promise.race([
    done.then(() => true),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 20)),
  ]);

test('without a photo nothing waits', async () => {
  expect(await isOver(expectFirstAnswer(false).done)).toBe(true);
});

test('with one, what can wait waits for its answer', async () => {
  const { done, finish } = expectFirstAnswer(true, 60_000);
  expect(await isOver(done)).toBe(false);
  finish();
  expect(await isOver(done)).toBe(true);
});

test('and never longer than its time', async () => {
  const keepAlive = setTimeout(() => undefined, 10_000);
  await expectFirstAnswer(true, 30).done;
  clearTimeout(keepAlive);
});
