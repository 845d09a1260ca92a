import { expect, test } from 'vitest';
import type { Served } from '../../contract/serving.ts';
import type { Gathered } from '../../main/prefork/messages.ts';
import { createGathering } from '../../main/prefork/worker/gathering.ts';
import { createRoom } from '../../main/prefork/worker/room.ts';

test('a worker that was full has no room before half of those that may wait are gone', () => {
  let left = 8;
  const room = createRoom(8);
  room.follow(() => left);
  const at = (now: number): number => {
    left = now;
    return room.now();
  };
  expect(at(8), 'nothing waits: one more is begun at once').toBe(9);
  expect([5, 1, 0, 1, 3].map(at)).toEqual([5, 1, 0, 0, 0]);
  expect([4, 1].map(at)).toEqual([4, 1]);
});

test('the fewest that may wait make room one by one, and the number changes with that of the workers', () => {
  let left = 0;
  const room = createRoom(1);
  room.follow(() => left);
  expect(room.now()).toBe(0);
  left = 1;
  expect(room.now()).toBe(2);
  room.most = 20;
  left = 0;
  expect(room.now()).toBe(0);
  left = 9;
  expect(room.now()).toBe(0);
  left = 10;
  expect(room.now()).toBe(10);
});

const served = (code: Served['code']): Served => ({
  at: 1,
  client: 'http',
  model: 'a',
  version: '1.0.0',
  kind: 'tensor',
  code,
  cached: false,
  totalMs: 1,
  queueMs: 0,
  runMs: 1,
  rows: 1,
  batchRows: 1,
});

test('the arbiter learns at once that a worker came to be full, and that it is no more; all else comes in groups', () => {
  const sent: Gathered[] = [];
  let room = 2;
  const gathering = createGathering({ send: (gathered) => void sent.push(gathered), room: () => room });
  let serve: (one: Served) => void = () => undefined;
  gathering.follow({ onServed: (listener) => ((serve = listener), () => undefined) });
  const rooms = () => sent.map((gathered) => gathered.room);

  serve(served('ok'));
  expect(rooms(), 'it has room').toEqual([]);
  room = 0;
  serve(served('ok'));
  expect(rooms(), 'nobody was refused').toEqual([]);
  serve(served('busy'));
  expect(rooms()).toEqual([0]);
  gathering.access({ method: 'POST', status: 503, ms: 1 });
  expect(rooms(), 'known').toEqual([0]);
  room = 1;
  serve(served('ok'));
  expect(rooms()).toEqual([0, 1]);
  room = 0;
  gathering.access({ method: 'POST', status: 503, ms: 1 });
  expect(rooms()).toEqual([0, 1, 0]);
  gathering.flush();
});
