import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { fault, faultTable } from '../../../../contract/faults/faults.ts';
import type { Fault } from '../../../../contract/faults/faults.ts';
import type { HttpLimits } from '../context.ts';
import { errorText } from './refuse.ts';

const slow = new WeakSet<Socket>();

/** Whether a connection was ended because its request did not arrive in time. */
export const wasTooSlow = (socket: Socket): boolean => slow.has(socket);

/** Answers what never became a request: not HTTP, contradictory lengths, a header that is too large or does not end. */
export function answerRaw(error: Error, socket: Socket, limits: HttpLimits): void {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') slow.add(socket);
  if (!socket.writable || code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  endWith(socket, faultOf(code, error, limits));
}

/** Answers on a connection of which no request was made, and ends it. */
export function endWith(socket: Socket, why: Fault): void {
  socket.end(lastAnswer(why));
  // What the client still sends is dropped for a moment, so that it gets to read the answer.
  socket.resume();
  setTimeout(() => socket.destroy(), lingerMs).unref();
}
const lingerMs = 1_000;

/** The bytes of an answer after which a connection is closed. */
export function lastAnswer(why: Fault): string {
  const status = faultTable[why.code].http;
  const text = errorText(why);
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${Buffer.byteLength(text)}\r\n${status === 503 ? 'Retry-After: 1\r\n' : ''}Connection: close\r\n\r\n${text}`
  );
}

function faultOf(code: string | undefined, error: Error, limits: HttpLimits): Fault {
  if (code === 'HPE_HEADER_OVERFLOW') return fault('header-too-large', { limit: limits.maxHeaderBytes });
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return fault('request-too-slow', { seconds: limits.receiveTimeoutMs / 1000 });
  const reason = (error as { reason?: string }).reason ?? 'it is not HTTP as the standard has it';
  return fault('request-malformed', { what: 'The request', reason: reason.replace(/\.$/u, '') });
}
