import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { computeOperations } from 'electron-updater/out/differentialDownloader/downloadPlanBuilder.js';
import { blockmapSize, buildBlockmap, encodeBlockmap, parseBlockmap } from '../../../main/packs/index.ts';
import { newFolder } from '../../temp/folder.ts';

const mib = 1024 ** 2;
const bytes = randomBytes(20 * mib);
let folder = '';
beforeAll(() => {
  folder = newFolder('blockmap');
});

async function mapOf(content: Uint8Array) {
  const file = join(folder, 'pack');
  writeFileSync(file, content);
  return buildBlockmap(file);
}
type Map = Awaited<ReturnType<typeof mapOf>>;

/** Bytes that electron-updater's own planner would fetch. */
function fetched(from: Map, to: Map): number {
  const plan = computeOperations(from as never, to as never, { info() {}, warn() {}, error() {} });
  return plan.filter((each) => each.kind === 1).reduce((total, { start, end }) => total + end - start, 0);
}

test('blocks cover the file, are of 8 to 32 KiB and come out the same each time', async () => {
  const map = await mapOf(bytes);
  const { sizes, checksums } = map.files[0];
  expect(blockmapSize(map)).toBe(bytes.byteLength);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(32 * 1024);
  expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(8 * 1024);
  expect(sizes.length).toBeGreaterThan(1000);
  expect(new Set(checksums).size).toBe(checksums.length);
  expect(encodeBlockmap(await mapOf(bytes)).equals(encodeBlockmap(map))).toBe(true);
});

test('one changed region of 5 % costs about as much, an insertion does too', async () => {
  const old = await mapOf(bytes);
  const changed = Buffer.from(bytes);
  randomBytes(mib).copy(changed, 7 * mib + 123);
  const inserted = Buffer.concat([bytes.subarray(0, 9 * mib), randomBytes(mib), bytes.subarray(9 * mib)]);
  for (const next of [changed, inserted]) {
    const share = fetched(old, await mapOf(next)) / next.byteLength;
    expect(share).toBeGreaterThan(0.045);
    expect(share).toBeLessThan(0.06);
  }
  expect(fetched(old, await mapOf(bytes))).toBe(0);
});

test.each([0, 1, 8 * 1024, 32 * 1024, 4 * mib + 32 * 1024])('a file of %i bytes', async (size) => {
  expect(blockmapSize(await mapOf(bytes.subarray(0, size)))).toBe(size);
});

test('a map is read back as it was written', async () => {
  const map = await mapOf(bytes.subarray(0, mib));
  expect(parseBlockmap(encodeBlockmap(map))).toEqual({ ok: true, value: map });
  expect(JSON.parse(gunzipSync(encodeBlockmap(map)).toString())).toEqual(map);
});

const id = 'A'.repeat(24);
const file = { name: 'file', offset: 0, checksums: [id], sizes: [10_000] };
const packed = (json: unknown): Buffer => gzipSync(JSON.stringify(json));
test.each<[string, Buffer]>([
  ['no gzip', Buffer.from('{}')],
  ['no JSON', gzipSync('{')],
  ['another format', packed({ version: '1', files: [file] })],
  ['two files', packed({ version: '2', files: [file, file] })],
  ['a file of another name', packed({ version: '2', files: [{ ...file, name: '../x' }] })],
  ['an offset', packed({ version: '2', files: [{ ...file, offset: 5 }] })],
  ['fewer ids than lengths', packed({ version: '2', files: [{ ...file, checksums: [] }] })],
  ['an id that is none', packed({ version: '2', files: [{ ...file, checksums: ['<script>'] }] })],
  ['a length below zero', packed({ version: '2', files: [{ ...file, sizes: [-1] }] })],
  ['a length that is a fraction', packed({ version: '2', files: [{ ...file, sizes: [1.5] }] })],
  ['a length beyond all blocks', packed({ version: '2', files: [{ ...file, sizes: [2 ** 40] }] })],
  ['what unpacks to far more', gzipSync(Buffer.alloc(80 * mib))],
  ['too many bytes', Buffer.alloc(17 * mib)],
])('refused: %s', (_what, refused) => {
  const outcome = parseBlockmap(refused);
  expect(outcome.ok ? null : outcome.fault.code).toBe('trust-malformed');
});
