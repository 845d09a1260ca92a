/* Just enough of DER for one structure: an encrypted private key (RFC 5958 with PBES2 and scrypt, RFC 7914). */

export const derTag = { integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30 } as const;
type DerNode = { readonly tag: number; readonly content: Buffer };

export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthBytes(content.byteLength), content]);
}

export function derInteger(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  // A first bit of 1 would make the number a negative one.
  return der(derTag.integer, bytes[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** What lies side by side in these bytes; null when they are not DER. */
export function readDer(bytes: Buffer): readonly DerNode[] | null {
  const nodes: DerNode[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    const tag = bytes[at]!;
    const first = bytes[at + 1];
    if (first === undefined) return null;
    const count = first < 0x80 ? 0 : first - 0x80;
    if (count > 2 || (first >= 0x80 && count === 0) || at + 2 + count > bytes.byteLength) return null;
    const length = count === 0 ? first : bytes.readUIntBE(at + 2, count);
    const start = at + 2 + count;
    if (start + length > bytes.byteLength) return null;
    nodes.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return nodes;
}

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x100) return Buffer.from([0x81, length]);
  return Buffer.from([0x82, length >> 8, length & 0xff]);
}
