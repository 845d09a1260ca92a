import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { wasTooSlow } from './refusals/raw-refusals.ts';

/** The status of a request that is over. A client that disconnects before its answer counts as 499. */
export function statusOf({ writableFinished, statusCode }: ServerResponse, socket: Socket | null): number {
  if (writableFinished) return statusCode;
  return socket !== null && wasTooSlow(socket) ? 408 : 499;
}
