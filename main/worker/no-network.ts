import dgram from 'node:dgram';
import net from 'node:net';

/**
 * From here on this process connects to nothing: a model answers from what is on this computer, or not at all. The one
 * socket to the engine is open already.
 */
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
