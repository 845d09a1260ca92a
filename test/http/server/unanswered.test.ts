import { fstatSync } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { admitRequests, ByteBudget } from '../../../main/http/server/budget/index.ts';
import { disconnectSignal, freeDescriptorOf } from '../../../main/http/server/disconnect-signal.ts';

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** A connection to a server that answers nothing by itself: the responses that it owes, in order, and what came of them. */
async function open() {
  const owed: ServerResponse[] = [];
  const signals: AbortSignal[] = [];
  const server = createServer((request, response) => {
    signals.push(disconnectSignal(request.socket));
    owed.push(response);
  });
  admitRequests(server, new ByteBudget(2 ** 20));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const socket: Socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on(
    'error',
    () => undefined,
  );
  let received = '';
  socket.on('data', (piece: Buffer) => (received += piece.toString('latin1')));
  onTestFinished(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  const ask = async (times: number): Promise<void> => {
    const before = owed.length;
    socket.write(get.repeat(times));
    await expect.poll(() => owed.length).toBe(before + times);
  };
  return { owed, ask, socket, received: () => received, descriptor: () => freeDescriptorOf(signals[0]!) };
}

test.skipIf(process.platform === 'win32')(
  'the descriptor of a connection is given while what is written there is the answer to its one request',
  async () => {
    const { owed, ask, descriptor, received } = await open();
    await ask(1);
    expect(fstatSync(descriptor()!).isSocket()).toBe(true);
    owed[0]!.end('one');
    await expect.poll(received).toContain('one');
    // Nobody waits.
    await expect.poll(descriptor).toBeNull();
    // Of two that were sent at once the first one's answer comes first, whichever runs.
    await ask(2);
    expect(descriptor()).toBeNull();
    owed[1]!.end('two');
    await expect.poll(descriptor).not.toBeNull();
    // A part of its answer is on the way.
    owed[2]!.write('begun');
    expect(descriptor()).toBeNull();
    owed[2]!.end();
    await expect.poll(received).toContain('begun');
  },
);

test('none is given of a connection that the client left', async () => {
  const { ask, descriptor, socket } = await open();
  await ask(1);
  socket.destroy();
  await expect.poll(descriptor).toBeNull();
});
