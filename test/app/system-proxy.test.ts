import { describe, expect, it } from 'vitest';
import { createSystemProxy, firstProxy } from '../../main/app/system-proxy.ts';

describe('the proxy of the system', () => {
  it('is the first that speaks HTTP, and none where the way is direct', () => {
    expect(firstProxy('DIRECT')).toBeNull();
    expect(firstProxy('PROXY proxy.office:3128; DIRECT')?.href).toBe('http://proxy.office:3128/');
    expect(firstProxy('HTTPS safe.office:443;PROXY b:1')?.host).toBe('safe.office');
    expect(firstProxy('SOCKS5 socks:1080; PROXY b:81')?.host).toBe('b:81');
    expect(firstProxy('SOCKS5 socks:1080')).toBeNull();
    expect(firstProxy('')).toBeNull();
  });

  it('is asked for each address, by its origin, and stands behind the environment where it is silent', async () => {
    const asked: string[] = [];
    const proxy = createSystemProxy(
      {
        resolveProxy: (url) => {
          asked.push(url);
          return Promise.resolve(url.includes('inside') ? 'DIRECT' : 'PROXY p:8080');
        },
      },
      () => new URL('http://environment:1/'),
    );
    const feed = { protocol: 'https:', hostname: 'feeds.example.org', port: '' };
    expect(proxy.proxyOf(feed)?.host).toBe('environment:1');
    await proxy.learn('https://feeds.example.org/north/');
    expect(proxy.proxyOf(feed)?.host).toBe('p:8080');
    expect(proxy.proxyOf({ ...feed, port: 443 })?.host).toBe('p:8080');
    expect(proxy.proxyOf({ ...feed, port: 8443 })?.host).toBe('environment:1');
    await proxy.learn('http://inside/');
    expect(proxy.proxyOf({ protocol: 'http:', hostname: 'inside', port: 80 })?.host).toBe('environment:1');
    await proxy.learn('not an address');
    expect(asked).toEqual(['https://feeds.example.org/north/', 'http://inside/']);
  });
});
