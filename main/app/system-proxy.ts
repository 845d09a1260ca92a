import type { Session } from 'electron';
import type { ProxyOf } from '../updates/index.ts';

/**
 * The proxy that the system's settings name, as Chromium reads them: by hand or by a script. What it says of an address is
 * known once `learn` was asked for it; until then, and where it says nothing, `otherwise` decides.
 */
export function createSystemProxy(
  session: Pick<Session, 'resolveProxy'>,
  otherwise: ProxyOf,
): { readonly proxyOf: ProxyOf; learn(address: string): Promise<void> } {
  const known = new Map<string, URL | null>();
  return {
    proxyOf: (address) => known.get(originOf(address)) ?? otherwise(address),
    learn: async (address) => {
      if (!URL.canParse(address)) return;
      const { protocol, hostname, port, href } = new URL(address);
      const said = await session.resolveProxy(href).catch(() => 'DIRECT');
      known.set(originOf({ protocol, hostname, port }), firstProxy(said));
    },
  };
}

/** `PROXY host:port; HTTPS host:port; DIRECT`, in the order of preference; only proxies that speak HTTP are used. */
export function firstProxy(said: string): URL | null {
  for (const entry of said.split(';')) {
    const [kind = '', place = ''] = entry.trim().split(/\s+/u);
    if (kind === 'DIRECT') return null;
    const text = `${kind === 'HTTPS' ? 'https' : 'http'}://${place}`;
    if ((kind === 'PROXY' || kind === 'HTTPS') && URL.canParse(text)) return new URL(text);
  }
  return null;
}

function originOf({ protocol, hostname, port }: Parameters<ProxyOf>[0]): string {
  const usual = protocol === 'http:' ? 80 : 443;
  return `${protocol ?? ''}//${(hostname ?? '').toLowerCase().replaceAll(/^\[|\]$/gu, '')}:${Number(port) || usual}`;
}
