import dgram from 'node:dgram';
import net from 'node:net';

/** Blocks all outgoing connections of this process from now on; the socket to the engine is already open. */
export function refuseNetwork(): void {
  const refuse = (): never => {
    throw new Error('a worker has no network');
  };
  net.Socket.prototype.connect = refuse;
  net.Server.prototype.listen = refuse;
  dgram.Socket.prototype.bind = refuse;
  dgram.Socket.prototype.send = refuse;
  dgram.Socket.prototype.connect = refuse;
}
