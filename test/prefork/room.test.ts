import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { Served } from '../../contract/serving/serving.ts';
import type { Gathered } from '../../main/prefork/messages.ts';
import { createGathering } from '../../main/prefork/worker/gathering.ts';
import { createRoom } from '../../main/prefork/worker/room.ts';
import type { RequestRoom } from '../../main/prefork/worker/room.ts';

function open(most: number, left: number, inHand = 2) {
  const room = createRoom(most);
  const now = { left, inHand };
  room.follow({ room: () => now.left, inHand: () => now.inHand });
  return { room, now };
}
function exchange() {
  const request = new IncomingMessage(new Socket());
  return { request, response: new ServerResponse(request) };
}
type Exchange = ReturnType<typeof exchange>;
const take = (room: RequestRoom, { request, response }: Exchange): boolean => room.take(request, response);
const arrive = (room: RequestRoom, { request, response }: Exchange): void => room.arrived(request, response);

test('a worker has room for what may wait, and for one more while nothing is in hand', () => {
  const { room, now } = open(8, 8, 0);
  expect(room.now()).toBe(9);
  now.inHand = 1;
  expect(room.now()).toBe(8);
  now.left = 0;
  expect(room.now()).toBe(0);
  now.left = 10;
  room.most = 20;
  expect(room.now()).toBe(10);
});

test('a connection that was handed over has a place until its request is here, and the request until its body is', () => {
  const { room } = open(8, 2);
  const [first, other] = [exchange(), exchange()];
  room.promise(first.request.socket);
  expect(room.now()).toBe(1);
  expect(take(room, other), 'one place is left').toBe(true);
  expect(room.now()).toBe(0);
  expect(take(room, exchange()), 'the others are promised').toBe(false);
  arrive(room, first);
  expect(take(room, first)).toBe(true);
  expect(room.now(), 'it has one place, not two').toBe(0);
  first.response.emit('close');
  other.response.emit('close');
  expect(room.now()).toBe(2);
});

test('a request whose body is here has its place until it is queued or in hand', () => {
  const { room, now } = open(2, 2, 2);
  const all = [exchange(), exchange(), exchange()];
  for (const each of all.slice(0, 2)) expect(take(room, each)).toBe(true);
  for (const { request } of all) request.emit('end');
  now.inHand = 2;
  expect(room.now(), 'they are in hand').toBe(2);
  expect(take(room, all[2]!)).toBe(true);
  all[2]!.request.emit('end');
  expect(room.now(), 'the third is about to be queued').toBe(1);
  now.left = 1;
  expect(room.now(), 'it is queued').toBe(1);
  room.answered(all[0]!.request);
  for (const { response } of all.slice(1)) response.emit('close');
  Object.assign(now, { left: 2, inHand: 0 });
  expect(room.now()).toBe(3);
});

test('where more is promised than there are places by now, a request is refused before its body is read', () => {
  const { room, now } = open(8, 2);
  const [first, second] = [exchange(), exchange()];
  for (const each of [first, second]) room.promise(each.request.socket);
  now.left = 1;
  for (const each of [first, second]) arrive(room, each);
  expect(take(room, first)).toBe(false);
  first.response.emit('close');
  expect(take(room, second)).toBe(true);
});

test('a request that does not come loses its place', async () => {
  const { room } = open(8, 1);
  room.promise(new Socket());
  expect(take(room, exchange())).toBe(false);
  await expect.poll(() => take(room, exchange()), { timeout: 5_000 }).toBe(true);
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
