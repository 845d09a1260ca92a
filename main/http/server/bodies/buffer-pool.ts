/**
 * Reuses buffers of large bodies: allocating each anew makes the garbage collector stop the event loop several times a
 * second. Sizes are powers of two, so that a buffer fits the next body of its size class.
 */
export type BufferPool = {
  /** `from`: the place in its memory where it begins. */
  take(bytes: number, from?: number): Buffer;
  /** Returns a buffer that nothing reads any more. */
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
    take: (bytes, from = 0) => {
      const size = 2 ** Math.ceil(Math.log2(Math.max(from + bytes, largeBody)));
      const known = free.get(size)?.pop();
      if (known) pooledBytes -= size;
      const memory = known ?? new ArrayBuffer(size);
      ours.add(memory);
      return Buffer.from(memory, from, bytes);
    },
    give: ({ buffer }) => {
      // A buffer transferred to another thread is detached.
      if (!ours.delete(buffer) || buffer.byteLength === 0 || pooledBytes + buffer.byteLength > maxPooledBytes)
        return;
      pooledBytes += buffer.byteLength;
      const sameSize = free.get(buffer.byteLength) ?? [];
      free.set(buffer.byteLength, sameSize);
      sameSize.push(buffer as ArrayBuffer);
    },
  };
}
