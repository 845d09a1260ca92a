import { MessageChannel } from 'node:worker_threads';

/** Smaller ones do not pay for the call. */
const leastBytes = 16 * 1024;
const { port1: closedPort } = new MessageChannel();
closedPort.close();

/**
 * Frees a buffer's own memory now; it has no bytes afterwards. Otherwise each piece of a body waits for the garbage collector:
 * that is tens of MiB under large photos, and no piece is written to memory that the processor still has in its cache. A
 * closed port takes what it is given and drops it.
 */
export function freeMemory({ buffer, byteLength }: ArrayBufferView): void {
  if (byteLength >= leastBytes && buffer.byteLength === byteLength)
    closedPort.postMessage(null, [buffer as ArrayBuffer]);
}
