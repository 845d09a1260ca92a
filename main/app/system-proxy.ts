import type { Session } from 'electron';
import type { ProxyOf } from '../updates/index.ts';

/**
 * The proxy of the system's settings, as Chromium resolves it: configured by hand or by a PAC script. Resolving is
 * asynchronous, so the proxy of an address is known only after `learn(address)`; until then, and where the system names
 * none, `otherwise` decides.
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
      const list = await session.resolveProxy(href).catch(() => 'DIRECT');
      known.set(originOf({ protocol, hostname, port }), firstProxy(list));
    },
  };
}

/** The first usable proxy of a list like `PROXY host:port; HTTPS host:port; DIRECT`; SOCKS proxies are skipped. */
export function firstProxy(list: string): URL | null {
  for (const entry of list.split(';')) {
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
