import { expect, it } from 'vitest';
import { createIdleWork } from '../../../main/engine/providers/idle-work.ts';

it('idle work that fails is told, ends nothing, and is tried again after the next request', async () => {
  const reported: unknown[] = [];
  const escaped: unknown[] = [];
  const onEscape = (reason: unknown): void => void escaped.push(reason);
  process.on('unhandledRejection', onEscape);
  let runs = 0;
  const idle = createIdleWork({
    afterMs: 1,
    isQuiet: () => true,
    work: () => {
      runs += 1;
      return Promise.reject(new Error('the golden file is gone'));
    },
    onFailed: (error) => reported.push(error),
  });
  try {
    idle.disturb();
    await expect.poll(() => reported.length).toBe(1);
    idle.disturb();
    await expect.poll(() => runs).toBe(2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(escaped).toEqual([]);
  } finally {
    process.off('unhandledRejection', onEscape);
    await idle.close();
  }
});
