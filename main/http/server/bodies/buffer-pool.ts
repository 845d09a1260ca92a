/**
 * Memory of large bodies, used again: what is allocated anew for each makes the collector stop the event loop several times
 * a second. Sizes are powers of two, so that a piece fits the next body of its kind.
 */
export type BufferPool = {
  take(bytes: number): Buffer;
  /** Takes a body back that nothing reads any more. */
  give(body: Buffer): void;
};

/** Smaller bodies come out of Node's own pool. */
export const largeBody = 128 * 1024;
const maxPooledBytes = 32 * 1024 ** 2;

export function createBufferPool(): BufferPool {
  const free = new Map<number, ArrayBuffer[]>();
  const ours = new WeakSet<ArrayBufferLike>();
  let pooledBytes = 0;
  return {
    take: (bytes) => {
      const size = 2 ** Math.ceil(Math.log2(Math.max(bytes, largeBody)));
      const known = free.get(size)?.pop();
      if (known) pooledBytes -= size;
      const memory = known ?? new ArrayBuffer(size);
      ours.add(memory);
      return Buffer.from(memory, 0, bytes);
    },
    give: ({ buffer }) => {
      // One that was moved to another thread meanwhile has no bytes left.
      if (!ours.delete(buffer) || buffer.byteLength === 0 || pooledBytes + buffer.byteLength > maxPooledBytes)
        return;
      pooledBytes += buffer.byteLength;
      const sameSize = free.get(buffer.byteLength) ?? [];
      free.set(buffer.byteLength, sameSize);
      sameSize.push(buffer as ArrayBuffer);
    },
  };
}
