import { isUtf8 } from 'node:buffer';

/** Texts of one tensor: each is an object of its own wherever it is read. */
export const mostTexts = 1_000_000;

/** Elements of a BYTES tensor's bytes, as views: each behind its length, a little-endian uint32. Null where they do not fit, or are not `count`. */
export function elementsOf(data: Uint8Array, count: number): readonly Uint8Array[] | null {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const elements: Uint8Array[] = [];
  for (let at = 0; at < data.byteLength;) {
    if (at + 4 > data.byteLength || elements.length === count) return null;
    const end = at + 4 + view.getUint32(at, true);
    if (end > data.byteLength) return null;
    elements.push(data.subarray(at + 4, end));
    at = end;
  }
  return elements.length === count ? elements : null;
}

/** The bytes of a BYTES tensor of these elements. */
export function bytesOfElements(elements: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    elements.flatMap((element) => {
      const head = Buffer.allocUnsafe(4);
      head.writeUInt32LE(element.byteLength);
      return [head, element];
    }),
  );
}

/** Whether the runtime gives it back as it is: it carries text, so other bytes would be replaced, and a NUL ends it. */
export const isText = (element: Uint8Array): boolean => isUtf8(element) && !element.includes(0);
