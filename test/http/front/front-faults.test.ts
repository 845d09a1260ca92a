import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Serving } from '../../../main/serving/index.ts';
import { connectToFront } from '../../../main/http/front/front-link.ts';
import type { ToFront } from '../../../main/http/front/messages.ts';
import type { Metrics } from '../../../main/http/metrics/index.ts';
import { readFrames } from '../../../main/lib/frames.ts';
import { newFolder } from '../../temp/folder.ts';

it('what the engine cannot send to a front is a fault there, and never the end of the engine', async () => {
  const folder = newFolder('front');
  const server = createServer().listen(path.join(folder, 'engine.sock'));
  const engineSide = once(server, 'connection') as Promise<[Socket]>;
  const front = connect(path.join(folder, 'engine.sock'));
  const [socket] = await engineSide;
  const received: ToFront[] = [];
  readFrames<ToFront>(front, ({ message }) => received.push(message));
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  const rejects = (): Promise<never> => Promise.reject(new Error('the folder went away'));
  // A folder that goes away between two reads: no disk does that on demand.
  const serving = { find: () => ({ ok: true, value: {} }), labels: rejects } as unknown as Serving;
  const metrics = { text: rejects } as unknown as Metrics;
  const link = connectToFront({ serving, metrics, socket });
  link.handleMessage({ message: { kind: 'labels', id: 1, ref: 'a' }, blobs: [] });
  link.handleMessage({ message: { kind: 'metrics', id: 2, caller: {} as never }, blobs: [] });
  await expect.poll(() => received.length).toBe(2);
  expect(received).toMatchObject([1, 2].map((id) => ({ kind: 'failed', id, fault: { code: 'internal' } })));
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
  process.off('unhandledRejection', note);
  front.destroy();
  server.close();
});
