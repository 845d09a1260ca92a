import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { onAbort, untilAborted, waitOrAbort } from '../../main/lib/abort.ts';

const never = new Promise<string>(() => {});
const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

describe('waiting that may be given up', () => {
  it('gives what the work gave, and leaves neither listener nor clock', async () => {
    const { signal } = new AbortController();
    const clocks = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = clocks();
    const waited = waitOrAbort(Promise.resolve(7), { phase: 'a number', signal, deadlineMs: 60_000 });
    expect(listeners(signal)).toBe(1);
    expect(await waited).toEqual({ kind: 'done', value: 7 });
    expect(listeners(signal)).toBe(0);
    expect(clocks()).toBe(before);
  });

  it('rejects as the work does', async () => {
    const broken = Promise.reject(new Error('broken'));
    await expect(waitOrAbort(broken, { phase: 'a number' })).rejects.toThrow('broken');
  });

  it('ends with the signal and names what was waited for', async () => {
    const { signal, ...asker } = controlled();
    const waited = waitOrAbort(never, { phase: 'a worker', signal });
    asker.abort();
    expect(await waited).toEqual({ kind: 'aborted', phase: 'a worker' });
    expect(await waitOrAbort(never, { phase: 'a worker', signal })).toEqual({
      kind: 'aborted',
      phase: 'a worker',
    });
  });

  it('ends with the deadline; one beyond what a timer holds is no early one', async () => {
    expect(await waitOrAbort(never, { phase: 'a worker', deadlineMs: 1 })).toEqual({
      kind: 'late',
      phase: 'a worker',
    });
    const later = new Promise((resolve) => setTimeout(() => resolve('there'), 20));
    expect(await waitOrAbort(later, { phase: 'a worker', deadlineMs: 2 ** 40 })).toEqual({
      kind: 'done',
      value: 'there',
    });
  });

  it('work that fails after it was given up ends nothing', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const failing = new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 5));
    expect((await waitOrAbort(failing, { phase: 'it', signal: AbortSignal.abort() })).kind).toBe('aborted');
    await new Promise((resolve) => setTimeout(resolve, 30));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});

describe('a listener for the end', () => {
  it('is called once, at once where the signal has fired, and taken away on demand', async () => {
    const calls: string[] = [];
    const { signal, abort } = controlled();
    onAbort(signal, () => calls.push('kept'));
    onAbort(signal, () => calls.push('taken away'))();
    expect(listeners(signal)).toBe(1);
    abort();
    abort();
    onAbort(signal, () => calls.push('late'));
    onAbort(undefined, () => calls.push('without signal'));
    expect(calls).toEqual(['kept', 'late']);
    await untilAborted(signal);
  });
});

function controlled(): { readonly signal: AbortSignal; abort(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
