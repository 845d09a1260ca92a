/**
 * Memory of large bodies, used again: what is allocated anew for each makes the collector stop the event loop several times
 * a second. Sizes are powers of two, so that a piece fits the next body of its kind.
 */
export type BodyMemory = {
  take(bytes: number): Buffer;
  /** Nobody reads this body any more. */
  give(body: Buffer): void;
};

/** Smaller bodies come out of Node's own pool. */
export const largeBody = 128 * 1024;
const mostKept = 32 * 1024 ** 2;

export function createBodyMemory(): BodyMemory {
  const free = new Map<number, ArrayBuffer[]>();
  const ours = new WeakSet<ArrayBufferLike>();
  let kept = 0;
  return {
    take: (bytes) => {
      const size = 2 ** Math.ceil(Math.log2(Math.max(bytes, largeBody)));
      const known = free.get(size)?.pop();
      if (known) kept -= size;
      const memory = known ?? new ArrayBuffer(size);
      ours.add(memory);
      return Buffer.from(memory, 0, bytes);
    },
    give: ({ buffer }) => {
      // One that was moved to another thread meanwhile has no bytes left.
      if (!ours.delete(buffer) || buffer.byteLength === 0 || kept + buffer.byteLength > mostKept) return;
      kept += buffer.byteLength;
      const shelf = free.get(buffer.byteLength) ?? [];
      free.set(buffer.byteLength, shelf);
      shelf.push(buffer as ArrayBuffer);
    },
  };
}
