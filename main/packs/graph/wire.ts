import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { reason, reasonText, type Reason } from '../../../contract/faults/reasons.ts';

/** Random access to bytes. */
export type Source = {
  readonly size: number;
  /** Returns fewer bytes than requested only at the end. */
  read(at: number, length: number): Uint8Array;
  close(): void;
};

/** Why the bytes are not a model. */
export class WireError extends Error {
  readonly why: Reason;
  constructor(why: Reason) {
    super(reasonText(why));
    this.why = why;
  }
}

// Small, since the payload behind each tensor's header is skipped.
const pageBytes = 4 * 1024;

export function bytesSource(bytes: Uint8Array): Source {
  return {
    size: bytes.byteLength,
    read: (at, length) => bytes.subarray(at, at + length),
    close: () => undefined,
  };
}

/** Reads pages of a file on demand: gigabytes of weights are skipped without being read. */
export function fileSource(path: string): Source {
  const handle = openSync(path, 'r');
  const { size } = fstatSync(handle);
  const page = Buffer.allocUnsafe(pageBytes);
  let pageAt = 0;
  let pageEnd = 0;
  const fill = (into: Buffer, at: number): number => {
    let got = 0;
    while (got < into.byteLength) {
      const count = readSync(handle, into, got, into.byteLength - got, at + got);
      if (count === 0) break;
      got += count;
    }
    return got;
  };
  return {
    size,
    read: (at, length) => {
      if (length > pageBytes) {
        const own = Buffer.allocUnsafe(length);
        return own.subarray(0, fill(own, at));
      }
      if (at < pageAt || at + length > pageEnd) {
        pageAt = at;
        pageEnd = at + fill(page, at);
      }
      return page.subarray(at - pageAt, Math.min(at + length, pageEnd) - pageAt);
    },
    close: () => closeSync(handle),
  };
}

/** A cursor over protobuf's wire format that builds no objects. */
export class Wire {
  at = 0;
  readonly #source: Source;
  constructor(source: Source) {
    this.#source = source;
  }

  varint(end: number): number {
    const bytes = this.#source.read(this.at, Math.min(10, end - this.at));
    let value = 0;
    let scale = 1;
    for (let index = 0; index < bytes.byteLength; index += 1) {
      const byte = bytes[index]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.at += index + 1;
        return value;
      }
      scale *= 128;
    }
    throw new WireError(reason('breaks-off', { at: this.at }));
  }

  /** Length of a length-delimited field, checked to end before `end`. */
  length(end: number): number {
    const length = this.varint(end);
    if (length > end - this.at) throw new WireError(reason('part-too-long', { at: this.at }));
    return length;
  }

  bytes(length: number): Uint8Array {
    const bytes = this.#source.read(this.at, length);
    if (bytes.byteLength < length) throw new WireError(reason('breaks-off', { at: this.at }));
    this.at += length;
    return bytes;
  }

  skip(wireType: number, end: number): void {
    switch (wireType) {
      case 0:
        this.varint(end);
        return;
      case 1:
        return this.#step(8, end);
      case 2:
        return this.#step(this.length(end), end);
      case 5:
        return this.#step(4, end);
      default:
        // Groups were removed from protobuf before ONNX existed.
        throw new WireError(reason('no-protobuf', { at: this.at }));
    }
  }

  #step(length: number, end: number): void {
    if (length > end - this.at) throw new WireError(reason('breaks-off', { at: this.at }));
    this.at += length;
  }
}
