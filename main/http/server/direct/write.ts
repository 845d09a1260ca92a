import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { DirectReply } from './types.ts';

type Written = DirectReply & { readonly kind: 'written' };

/** On a response of Node's server. */
export function writeResponse(response: ServerResponse, { type, header, text, encoding }: Written): void {
  const bytes = Buffer.byteLength(text, encoding);
  const headers = ['content-type', type];
  if (header) headers.push(...header);
  headers.push('content-length', String(bytes));
  response.writeHead(200, headers);
  // Head and text leave in one piece; `end` with a text would have the connection gather an empty one behind it.
  const { socket } = response;
  socket?.cork();
  response.write(text, encoding);
  socket?.uncork();
  response.end();
}

/** Writes the same bytes without one, on a connection that is kept. */
export function createWriter(keepAliveMs: number): (socket: Socket, reply: Written) => void {
  const keepAlive = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n\r\n`;
  let second = 0;
  let date = '';
  return (socket, { type, header, text, encoding }) => {
    const now = Math.floor(Date.now() / 1000);
    if (now !== second) {
      second = now;
      date = new Date(1000 * now).toUTCString();
    }
    const bytes = encoding === 'latin1' ? text.length : Buffer.byteLength(text);
    const further = header ? `${header[0]}: ${header[1]}\r\n` : '';
    const head = `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\n${further}content-length: ${bytes}\r\nDate: ${date}\r\n${keepAlive}`;
    // Text of which each character is one byte is the same in both, and is written sooner in this one.
    socket.write(head + text, bytes === text.length ? 'latin1' : encoding);
  };
}
