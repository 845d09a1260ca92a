import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { failed, ok } from '../../../../contract/faults/faults.ts';
import type { Outcome } from '../../../../contract/faults/faults.ts';
import { reason } from '../../../../contract/faults/reasons.ts';
import type { Bind } from '../types.ts';
import { acceptWhatCame } from './accept-what-came.ts';
import { backlog, hostsOf, notListening, readBind } from './listen-at.ts';
import { listenAtSocketFile } from './socket-file.ts';

/** An address whose connections other processes answer. */
export type Accepting = {
  /** `127.0.0.1:8501`, or `unix:FILE`. */
  readonly address: string;
  /** Takes no new connection. */
  close(): Promise<void>;
};

/** Hands over each connection before anything is read of it. Faults: `address-in-use`, `address-unusable`, `bind-file-taken`. */
export async function acceptAt(
  bind: Bind,
  onConnection: (socket: Socket) => void,
): Promise<Outcome<Accepting>> {
  const at = readBind(bind);
  if (!at) return failed('address-unusable', { address: bind, reason: reason('no-host-port') });
  const servers: Server[] = [];
  const open = (place: object): Promise<Server> =>
    new Promise((resolve, reject) => {
      const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, onConnection);
      server.once('error', reject);
      server.listen({ ...place, backlog }, () => {
        servers.push(server);
        resolve(server);
      });
    });
  let release = async (): Promise<void> => undefined;
  const accepting = (address: string): Outcome<Accepting> =>
    ok({
      address,
      close: async () => {
        await release();
        await acceptWhatCame();
        for (const server of servers) server.close();
      },
    });
  try {
    if ('path' in at) {
      const listening = await listenAtSocketFile(at.path, async (draft) => ok(await open({ path: draft })));
      if (!listening.ok) {
        for (const server of servers) server.close();
        return listening;
      }
      ({ release } = listening.value);
      return accepting(listening.value.address);
    }
    const [host = at.host, ...others] = await hostsOf(at.host);
    const { address, port, family } = (await open({ host, port: at.port })).address() as AddressInfo;
    // An address of `localhost` that cannot be had is left out, as one is there.
    for (const other of others) await open({ host: other, port }).catch(() => undefined);
    return accepting(`${family === 'IPv6' ? `[${address}]` : address}:${port}`);
  } catch (error) {
    return notListening(bind, error as NodeJS.ErrnoException);
  }
}
