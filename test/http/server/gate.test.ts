import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, openTestServing, startCore, statusesOf, talk, tokens } from './fixture.ts';
import type { CoreServer, TestServing } from './fixture.ts';

let serving: TestServing;
let open: CoreServer;
let closed: CoreServer;

beforeAll(async () => {
  serving = await openTestServing();
  open = await startCore(serving, {
    allowedHosts: ['predict.example.org', 'other.example.org:9000'],
    corsOrigins: ['https://page.example.org'],
  });
  closed = await startCore(serving, { tokens, corsOrigins: ['https://page.example.org'] });
}, 60_000);
afterAll(async () => {
  await open.close();
  await closed.close();
  await serving.close();
});

const withHost = async (host: string): Promise<number> => {
  const { text } = await talk(open.port, [
    `GET /livez HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  ]);
  return statusesOf(text)[0]!;
};

test('a host of another name is refused: DNS rebinding; names of this computer pass with any port', async () => {
  const { port } = open;
  const ours = [
    `127.0.0.1:${port}`,
    `localhost:${port}`,
    `LOCALHOST:${port}`,
    `[::1]:${port}`,
    'localhost:8080',
    'localhost',
    '127.0.0.1:9000',
    '127.1.2.3',
    '127.0.0.1.',
    'localhost.:80',
    'outpost.localhost',
    'a.b.LocalHost.:1',
    '[::1]',
    '[0:0:0:0:0:0:0:1]:80',
    '[::ffff:127.0.0.1]:9',
    '[::FFFF:7f00:1]',
    '[::1%25lo]:80',
    'predict.example.org',
    'predict.example.org:8080',
    'Predict.Example.Org.',
    'other.example.org:9000',
  ];
  expect(await Promise.all(ours.map(withHost))).toEqual(ours.map(() => 200));
  const others = [
    `evil.example.com:${port}`,
    'evil.example.com',
    `host.docker.internal:${port}`,
    `10.1.2.3:${port}`,
    `localhost:${port}@evil.example.com`,
    `127.0.0.1.evil.example.com:${port}`,
    'localhost.evil.example',
    'evillocalhost',
    '.localhost.evil',
    'other.example.org:9001',
    'other.example.org',
    '[fe80::1]',
    '[::2]',
    '127.0.0.256',
    '0.0.0.0',
    '[127.0.0.1]',
    '[::1',
    '::1',
    'localhost:',
    'localhost:999999',
  ];
  const refused = await Promise.all(others.map(withHost));
  expect(others.filter((_, at) => refused[at] !== 403)).toEqual([]);
  const { text } = await talk(open.port, [
    'GET /livez HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n',
  ]);
  expect(text).toContain('"code":"host-not-allowed"');
  expect(text).toContain('evil.example.com');
});

test('what speaks HTTP/1.0 without a host may ask whether the server is there, and nothing else', async () => {
  const ask = async (line: string, port = open.port): Promise<number | undefined> =>
    statusesOf((await talk(port, [`${line} HTTP/1.0\r\n\r\n`])).text)[0];
  for (const path of ['/livez', '/readyz', '/healthz', '/v2/health/live', '/v2/health/ready', '/livez?x=1'])
    expect(await ask(`GET ${path}`), path).toBe(200);
  expect(await ask('HEAD /livez')).toBe(200);
  // HAProxy's own check.
  expect(await ask('OPTIONS /')).toBe(204);
  expect(await ask('GET /v2/models')).toBe(403);
  expect(await ask('POST /predict')).toBe(403);
  expect(await ask('GET /v2/models', closed.port)).toBe(401);
  const options = await talk(open.port, ['OPTIONS /livez HTTP/1.0\r\n\r\n']);
  expect(options.text).toMatch(/^allow: GET, HEAD\r$/imu);
});

test('where a token is needed the host says nothing, except before a person is asked for one', async () => {
  const asking = await startCore(serving, { tokens, consent: { ask: async () => ({ token: 'given' }) } });
  const ask = async (lines: string, body = ''): Promise<number | undefined> => {
    const head = `${lines}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
    return statusesOf((await talk(asking.port, [head + body])).text)[0];
  };
  const name = 'Host: service.namespace.svc.cluster.local';
  expect(await ask(`GET /v2/models HTTP/1.1\r\n${name}\r\nAuthorization: Bearer good`)).toBe(200);
  expect(await ask(`GET /v2/models HTTP/1.1\r\n${name}`)).toBe(401);
  expect(await ask(`GET /readyz HTTP/1.1\r\n${name}`)).toBe(200);
  const program = '{"program":"Page"}';
  expect(await ask(`POST /access HTTP/1.1\r\n${name}`, program)).toBe(403);
  expect(await ask('POST /access HTTP/1.0', program)).toBe(403);
  expect(await ask(`POST /access HTTP/1.1\r\nHost: localhost:${asking.port}`, program)).toBe(200);
  await asking.close();
});

test('a whole address instead of a path is understood', async () => {
  const ask = async (target: string): Promise<number | undefined> =>
    statusesOf(
      (await talk(open.port, [`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`]))
        .text,
    )[0];
  expect(await ask(`http://127.0.0.1:${open.port}/livez`)).toBe(200);
  expect(await ask('HTTP://localhost?x=1')).toBe(200);
  expect(await ask('http://localhost/none')).toBe(404);
  expect(await ask('ftp://localhost/livez')).toBe(404);
});

test('a page of an unknown origin is refused, also a sandboxed one; the own pages and the listed one are not', async () => {
  const ask = (origin: string): Promise<Response> => fetch(`${open.url}/livez`, { headers: { origin } });
  const evil = await ask('https://evil.example.com');
  expect(evil.status).toBe(403);
  expect(evil.headers.get('access-control-allow-origin')).toBeNull();
  expect(await codeOf(evil)).toBe('origin-not-allowed');
  expect((await ask('null')).status).toBe(403);
  expect((await ask('http://localhost:3000')).status).toBe(403);
  expect((await ask(open.url)).status).toBe(200);
  const listed = await ask('https://page.example.org');
  expect(listed.status).toBe(200);
  expect(listed.headers.get('access-control-allow-origin')).toBe('https://page.example.org');
  expect(listed.headers.get('vary')).toBe('Origin');
});

test('a preflight is answered for a listed origin, without a token, and never with a star', async () => {
  const ask = (origin: string): Promise<Response> =>
    fetch(`${closed.url}/v2/models/tensor-demo/infer`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type, inference-header-content-length',
        'access-control-request-private-network': 'true',
      },
    });
  const answer = await ask('https://page.example.org');
  expect(answer.status).toBe(204);
  expect(answer.headers.get('access-control-allow-origin')).toBe('https://page.example.org');
  expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
  expect(answer.headers.get('access-control-allow-headers')).toContain('Inference-Header-Content-Length');
  expect(answer.headers.get('access-control-allow-private-network')).toBe('true');
  expect((await ask('https://evil.example.com')).status).toBe(403);
});

test('without its token nothing but health and the pages answer', async () => {
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${closed.url}${path}`, { headers });
  for (const path of ['/livez', '/healthz', '/']) expect((await get(path)).status).not.toBe(401);
  const missing = await get('/metrics');
  expect(missing.status).toBe(401);
  expect(missing.headers.get('www-authenticate')).toMatch(/^Bearer/u);
  expect(await codeOf(missing)).toBe('token-missing');
  const unknown = await get('/metrics', { authorization: 'Bearer bad' });
  expect(unknown.status).toBe(401);
  expect(await codeOf(unknown)).toBe('token-unknown');
  expect((await get('/metrics', { authorization: 'Bearer good' })).status).toBe(200);
  expect((await get('/metrics', { authorization: 'bearer good' })).status).toBe(200);
  expect((await get('/metrics', { 'x-outpost-token': 'good' })).status).toBe(200);
  expect((await get('/metrics', { authorization: 'Basic Z29vZDo=' })).status).toBe(401);
  expect((await get('/nothing/here')).status).toBe(401);
});

test('a token that is for one model is refused for another, by name', async () => {
  const answer = await fetch(`${closed.url}/predict?model=efficientnet-lite0`, {
    method: 'POST',
    headers: { authorization: 'Bearer narrow' },
    body: new Uint8Array(10),
  });
  expect(answer.status).toBe(403);
  const { error } = (await answer.json()) as { error: string };
  expect(error).toContain('Counter');
  expect(error).toContain('efficientnet-lite0');
});

test('the access log names who asked, what, and how it ended', async () => {
  open.entries.length = 0;
  await fetch(`${open.url}/livez?secret=1`);
  await fetch(`${open.url}/nothing`, { headers: { origin: 'https://evil.example.com' } });
  await expect.poll(() => open.entries.length).toBe(2);
  expect(open.entries[0]).toMatchObject({
    method: 'GET',
    path: '/livez',
    status: 200,
    program: 'loopback',
    model: null,
    why: null,
  });
  expect(open.entries[1]).toMatchObject({
    path: '/nothing',
    status: 403,
    program: null,
    why: { code: 'origin-not-allowed', params: { origin: 'https://evil.example.com' } },
  });
});

test('what is not there is 404, the wrong verb 405 with the right ones', async () => {
  const nothing = await fetch(`${open.url}/nothing?x=1`);
  expect(nothing.status).toBe(404);
  expect(await codeOf(nothing)).toBe('route-not-found');
  const wrong = await fetch(`${open.url}/predict`);
  expect(wrong.status).toBe(405);
  expect(wrong.headers.get('allow')).toBe('POST');
  expect((await fetch(`${open.url}/livez`, { method: 'HEAD' })).status).toBe(200);
  const query = await talk(open.port, [
    `QUERY /livez HTTP/1.1\r\nHost: 127.0.0.1:${open.port}\r\nConnection: close\r\n\r\n`,
  ]);
  expect(statusesOf(query.text)).toEqual([405]);
  const escaped = await fetch(`${open.url}/v2/models/%E0%A4%A/ready`);
  expect(escaped.status).toBe(400);
  expect(await codeOf(escaped)).toBe('request-malformed');
});
