import { gunzipSync, gzipSync } from 'node:zlib';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason, type Reason } from '../../../contract/faults/reasons.ts';

/** The blocks of one file in order, in electron-builder's blockmap format 2: each with an id and a length in bytes. */
export type Blockmap = {
  readonly version: '2';
  readonly files: readonly [
    {
      readonly name: 'file';
      readonly offset: 0;
      readonly checksums: readonly string[];
      readonly sizes: readonly number[];
    },
  ];
};

const mostPackedBytes = 16 * 1024 ** 2;
const mostJsonBytes = 64 * 1024 ** 2;
const mostBlocks = 1_000_000;
const mostBlockBytes = 16 * 1024 ** 2;

export function blockmapOf(checksums: readonly string[], sizes: readonly number[]): Blockmap {
  return { version: '2', files: [{ name: 'file', offset: 0, checksums, sizes }] };
}

export const sizeOf = ({ files: [{ sizes }] }: Blockmap): number =>
  sizes.reduce((total, size) => total + size, 0);

/** Encodes a blockmap reproducibly: the same bytes on every system. */
export function encodeBlockmap(map: Blockmap): Buffer {
  const bytes = gzipSync(JSON.stringify(map), { level: 9 });
  // Byte 9 of a gzip header is the operating system; 255 means unknown.
  bytes[9] = 0xff;
  return bytes;
}

/** Parses what `encodeBlockmap` and electron-builder write: one file, at offset 0. */
export function parseBlockmap(bytes: Uint8Array, file = 'blockmap'): Outcome<Blockmap> {
  const malformed = (why: Reason): Outcome<never> => failed('trust-malformed', { file, reason: why });
  if (bytes.byteLength > mostPackedBytes) return malformed(reason('too-large', { limit: mostPackedBytes }));
  let json: unknown;
  try {
    json = JSON.parse(gunzipSync(bytes, { maxOutputLength: mostJsonBytes }).toString('utf8'));
  } catch {
    return malformed(reason('map-not-json'));
  }
  if (!isRecord(json) || json['version'] !== '2') return malformed(reason('map-other-format'));
  const { files } = json;
  const only: unknown = Array.isArray(files) && files.length === 1 ? files[0] : null;
  if (!isRecord(only) || only['name'] !== 'file' || only['offset'] !== 0)
    return malformed(reason('map-not-one-file'));
  const { checksums, sizes } = only;
  if (!Array.isArray(checksums) || !Array.isArray(sizes) || checksums.length !== sizes.length)
    return malformed(reason('map-uneven'));
  if (sizes.length > mostBlocks) return malformed(reason('map-too-many', { most: mostBlocks }));
  if (!checksums.every(isChecksum)) return malformed(reason('map-odd-id'));
  if (!sizes.every(isBlockSize)) return malformed(reason('map-odd-length'));
  return ok(blockmapOf(checksums, sizes));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isChecksum = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9+/]{20,88}={0,2}$/u.test(value);
const isBlockSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= mostBlockBytes;
