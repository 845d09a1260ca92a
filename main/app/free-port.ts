import { createServer } from 'node:net';

const portsToTry = 20;

export const portOf = (bind: string): number => Number(bind.slice(bind.lastIndexOf(':') + 1));

/** The next port above a taken one that nothing listens on now; null when there is none near. */
export async function freePortAfter(taken: number): Promise<number | null> {
  for (let port = taken + 1; port <= Math.min(65_535, taken + portsToTry); port += 1)
    if (await canListen(port)) return port;
  return null;
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1' }, () => probe.close(() => resolve(true)));
  });
}
