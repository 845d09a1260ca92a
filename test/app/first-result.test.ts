import { expect, test } from 'vitest';
import { expectFirstResult } from '../../main/app/first-result.ts';

const isOver = (done: Promise<void>): Promise<boolean> =>
  Promise.race([
    done.then(() => true),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 20)),
  ]);

test('without a photo nothing waits', async () => {
  expect(await isOver(expectFirstResult(false).done)).toBe(true);
});

test('with one, what can wait waits for its answer', async () => {
  const { done, finish } = expectFirstResult(true, 60_000);
  expect(await isOver(done)).toBe(false);
  finish();
  expect(await isOver(done)).toBe(true);
});

test('and never longer than its time', async () => {
  const keepAlive = setTimeout(() => undefined, 10_000);
  await expectFirstResult(true, 30).done;
  clearTimeout(keepAlive);
});
