import { setFlagsFromString } from 'node:v8';

const againMs = 10_000;

/**
 * Keeps this thread's young generation at the size that it has, or shrinks to: V8 doubles it up to two halves of 16 MiB under a load
 * whose garbage is small, for scavenges that hardly cost less. Again and again, since V8 sets the factor back to 2 with each thread
 * that starts (Heap::ConfigureHeap).
 */
export function stopYoungGrowth(): { close(): void } {
  const stop = (): void => setFlagsFromString('--semi-space-growth-factor=1');
  stop();
  const timer = setInterval(stop, againMs).unref();
  return { close: () => clearInterval(timer) };
}
