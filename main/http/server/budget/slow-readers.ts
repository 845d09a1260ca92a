import type { ServerResponse } from 'node:http';

/** Ends connections whose client does not take its answer: nothing of it left within the time. */
type SlowReaders = { watch(response: ServerResponse): void; close(): void };
type Watched = { sentBytes: number; sinceMs: number };

export function openSlowReaders(longestMs: number): SlowReaders {
  const watched = new Map<ServerResponse, Watched>();
  let timer: NodeJS.Timeout | null = null;
  const look = (): void => {
    const now = performance.now();
    for (const [response, before] of watched) {
      const { socket } = response;
      // Behind another answer of its connection, which is watched itself.
      if (!socket) continue;
      const sentBytes = socket.bytesWritten - socket.writableLength;
      if (sentBytes !== before.sentBytes) watched.set(response, { sentBytes, sinceMs: now });
      else if (now - before.sinceMs > longestMs) response.destroy();
    }
    if (watched.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
  return {
    watch: (response) => {
      if (watched.has(response) || response.destroyed) return;
      watched.set(response, { sentBytes: -1, sinceMs: performance.now() });
      response.once('close', () => watched.delete(response));
      timer ??= setInterval(look, Math.max(20, longestMs / 4)).unref();
    },
    close: () => {
      if (timer) clearInterval(timer);
    },
  };
}
