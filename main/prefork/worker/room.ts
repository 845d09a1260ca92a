import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Engine } from '../../engine/index.ts';
import type { Places } from '../../http/index.ts';
import type { Room } from '../messages.ts';

export type RequestRoom = Places & {
  /** Length of the queue. */
  most: number;
  now(): Room;
  follow(queue: Pick<Engine['workers'], 'room' | 'inHand'>): void;
  /** The first request of a connection that the arbiter handed over gets a place. */
  promise(to: Socket): void;
};

/** How long a place is kept for a request that does not arrive: a slow client must not hold up the others. */
const promisedMs = 1_000;

/**
 * Places in the queue of a worker, those of requests that are not queued yet counted as taken: of connections that were handed over until their
 * request is here, of requests while their bodies arrive, and then while they are hashed and looked up.
 */
export function createRoom(maxQueued: number): RequestRoom {
  let queue: Parameters<RequestRoom['follow']>[0] = { room: () => maxQueued, inHand: () => 0 };
  /** Until when each place is promised, the oldest first. */
  const promised = new Map<object, number>();
  /** Requests whose bodies are here, until they are answered. */
  const inside = new Set<object>();

  const promise = (to: object): void => void promised.set(to, performance.now() + promisedMs);
  const admit = (request: IncomingMessage, response: ServerResponse): void => {
    promise(request);
    request.once('end', () => {
      promised.delete(request);
      if (!response.closed) inside.add(request);
    });
    response.once('close', () => release(request));
  };
  const release = (request: IncomingMessage): void => {
    promised.delete(request);
    inside.delete(request);
  };
  const left = (): number => {
    const nowMs = performance.now();
    for (const [to, untilMs] of promised) {
      if (untilMs > nowMs) break;
      promised.delete(to);
    }
    const inHand = queue.inHand();
    // What is neither in hand nor queued is about to be queued.
    const places = Math.min(queue.room(), room.most + inHand - inside.size);
    // While nothing is in hand, one starts at once.
    return places + (inHand === 0 ? 1 : 0) - promised.size;
  };
  const room: RequestRoom = {
    most: maxQueued,
    now: () => Math.max(0, left()),
    follow: (next) => {
      queue = next;
    },
    promise,
    arrived: (request, response) => {
      if (promised.delete(request.socket)) admit(request, response);
    },
    take: (request, response) => {
      // More may be promised than there are places by now.
      if (promised.has(request)) return left() >= 0;
      if (left() <= 0) return false;
      admit(request, response);
      return true;
    },
    answered: release,
  };
  return room;
}
