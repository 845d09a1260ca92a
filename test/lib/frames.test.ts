import { readdirSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { frameWriter, readFrames } from '../../main/lib/frames.ts';
import type { Frame } from '../../main/lib/frames.ts';
import { newFolder } from '../temp/folder.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Two ends of one connection. */
async function pair(): Promise<{ readonly here: Socket; readonly there: Socket }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const here = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const there = await accepted;
  closers.push(() => (here.destroy(), there.destroy(), server.close()));
  return { here, there };
}

const received = <T>(socket: Socket, hasMemory: boolean): Promise<Frame<T> | null> =>
  new Promise((resolve) => {
    readFrames<T>(socket, resolve, hasMemory);
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(null));
  });
const large = new Uint8Array(300_000).map((_, at) => at % 251);

test('large blobs go through the memory folder, in pieces too, and leave nothing there', async () => {
  const memory = newFolder('frames');
  const { here, there } = await pair();
  const frame = received<{ kind: string }>(there, true);
  frameWriter(here, memory)({ kind: 'run' }, [
    [large.subarray(0, 1_000), large.subarray(1_000)],
    new Uint8Array([7]),
  ]);
  const got = await frame;
  expect(got?.message).toEqual({ kind: 'run' });
  expect(got?.blobs.map(({ byteLength }) => byteLength)).toEqual([300_000, 1]);
  expect(Buffer.compare(got!.blobs[0]!, large)).toBe(0);
  expect(readdirSync(memory)).toEqual([]);
});

test('where the memory folder is gone they go over the connection', async () => {
  const { here, there } = await pair();
  const frame = received<{ kind: string }>(there, true);
  frameWriter(here, '/nowhere/at/all')({ kind: 'run' }, [large]);
  expect(Buffer.compare((await frame)!.blobs[0]!, large)).toBe(0);
});

test('who does not trust the writer reads no file that it names', async () => {
  const memory = newFolder('frames');
  const remaining = path.join(memory, 'kept');
  writeFileSync(remaining, 'x');
  const { here, there } = await pair();
  const frame = received(there, false);
  const json = Buffer.from(JSON.stringify({ kind: 'ran', blobs: [1], blobFile: remaining }));
  const head = Buffer.alloc(8);
  head.writeUInt32LE(4 + json.byteLength, 0);
  head.writeUInt32LE(json.byteLength, 4);
  here.write(Buffer.concat([head, json]));
  expect(await frame).toBeNull();
  expect(readdirSync(memory)).toEqual(['kept']);
});
