import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestServing, startCore, tokens } from '../server/fixture.ts';
import type { CoreServer, TestServing } from '../server/fixture.ts';

type Operation = {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
  readonly security?: readonly unknown[];
};
type Document = {
  readonly openapi: string;
  readonly security: readonly unknown[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
};

let serving: TestServing;
let core: CoreServer;
let document: Document;
beforeAll(async () => {
  serving = await openTestServing();
  core = await startCore(serving, { tokens });
  document = (await (await fetch(`${core.url}/openapi.json`)).json()) as Document;
}, 60_000);
afterAll(async () => {
  await core.close();
  await serving.close();
});

const operations = (): readonly (readonly [string, string, Operation, readonly string[]])[] =>
  Object.entries(document.paths).flatMap(([path, { parameters = [], ...methods }]) => {
    const shared = (parameters as unknown as { name: string }[]).map(({ name }) => name);
    return Object.entries(methods).map(
      ([method, operation]) => [path, method.toUpperCase(), operation, shared] as const,
    );
  });

test('the document names only what is there, each with its own id and every status', async () => {
  expect(document.openapi).toBe('3.1.0');
  expect(document.security).toHaveLength(2);
  const all = operations();
  expect(all.length).toBeGreaterThan(15);
  const ids = all.map(([, , { operationId }]) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [path, method, { responses }] of all) {
    expect(Object.keys(responses), path).toEqual(
      expect.arrayContaining(['200', '400', '401', '403', '404', '413', '415', '422', '500', '503', '504']),
    );
    const answer = await fetch(`${core.url}${path.replaceAll(/\{\w+\}/gu, 'x')}`, {
      method,
      headers: { authorization: 'Bearer good' },
    });
    expect(Object.keys(responses), `${method} ${path}`).toContain(String(answer.status));
    expect(await answer.text(), path).not.toContain('route-not-found');
  }
});

test('every name in a path is declared, every reference resolves', () => {
  for (const [path, , { parameters = [] }, shared] of operations()) {
    const names = [...shared, ...parameters.filter((one) => one.in === 'path').map(({ name }) => name)];
    expect(names.toSorted()).toEqual([...path.matchAll(/\{(\w+)\}/gu)].map((match) => match[1]!).toSorted());
  }
  for (const [, name] of JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/gu))
    expect(document.components.schemas).toHaveProperty(name!);
});

test('the page that tries them comes from here alone, and needs no token', async () => {
  const page = await fetch(`${core.url}/docs`);
  expect(page.status).toBe(200);
  const policy = page.headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'; script-src 'self'");
  expect(policy).toContain("connect-src 'self'");
  const html = await page.text();
  expect(html).not.toMatch(/https?:\/\//u);
  for (const [, file] of html.matchAll(/(?:src|href)="([^"]+)"/gu)) {
    const asset = await fetch(new URL(file!, page.url));
    expect(asset.status, file).toBe(200);
    expect(asset.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await asset.arrayBuffer()).byteLength).toBeGreaterThan(100);
  }
  expect(
    (await fetch(`${core.url}/docs/package.json`, { headers: { authorization: 'Bearer good' } })).status,
  ).toBe(404);
  const outside = await fetch(`${core.url}/docs/..%2f..%2fpackage.json`, {
    headers: { authorization: 'Bearer good' },
  });
  expect(outside.status).toBe(404);
});

test('behind a path of a proxy the page, its files and the routes are found, with and without a last slash', async () => {
  // As nginx does it with `location /outpost/ { proxy_pass http://node/; }`.
  const proxy = createServer((asked, answer) => {
    if (!asked.url!.startsWith('/outpost/')) return void answer.writeHead(404).end();
    const path = asked.url!.slice('/outpost'.length);
    request(`${core.url}${path}`, { method: asked.method!, headers: asked.headers }, (got) => {
      answer.writeHead(got.statusCode!, got.headers);
      got.pipe(answer);
    }).end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  for (const place of ['/outpost/docs', '/outpost/docs/', '/outpost/']) {
    const page = await fetch(`${base}${place}`, { headers: { accept: 'text/html' } });
    const links = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/gu)].map(
      ([, link]) => new URL(link!, page.url).href,
    );
    expect(links.length).toBeGreaterThan(1);
    for (const link of links) expect((await fetch(link)).status, link).toBe(200);
  }
  const src = `${base}/outpost/docs/start.js`;
  const asked: { url?: string } = {};
  runInNewContext(await (await fetch(src)).text(), {
    URL,
    document: { currentScript: { src } },
    SwaggerUIBundle: Object.assign((given: object) => Object.assign(asked, given), { presets: {} }),
  });
  expect(asked.url).toBe(`${base}/outpost/openapi.json`);
  const { servers } = (await (await fetch(asked.url!)).json()) as { servers: [{ url: string }] };
  const server = new URL(servers[0].url, asked.url).href.replace(/\/$/u, '');
  expect((await fetch(`${server}/livez`)).status).toBe(200);
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
});
