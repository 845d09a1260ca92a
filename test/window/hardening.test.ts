import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { callNames, calls } from '../../contract/calls/calls.ts';
import { launch } from './launch.ts';
import type { Launched } from './launch.ts';

let outpost: Launched;
test.beforeAll(async () => {
  outpost = await launch();
});
test.afterAll(() => outpost.close());

test('every page runs in the sandbox, isolated, without Node', async () => {
  const all = await outpost.app.evaluate(({ webContents }) =>
    webContents
      .getAllWebContents()
      .map((contents) =>
        (contents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences(),
      ),
  );
  expect(all.length).toBe(1);
  for (const preferences of all)
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
    });
});

test('Chromium’s sandbox is on where this machine allows it', async () => {
  test.skip(process.env['OUTPOST_TEST_SANDBOX'] !== '1', 'this machine or user does not allow it');
  const hasSwitch = await outpost.app.evaluate(({ app }) => app.commandLine.hasSwitch('no-sandbox'));
  expect(hasSwitch).toBe(false);
});

test('the page sees no Node and a frozen bridge of named functions', async () => {
  const seen = await outpost.page.evaluate(() => {
    const bridge = (window as unknown as { outpost: { calls: Record<string, unknown> } }).outpost;
    return {
      globals: ['require', 'process', 'Buffer', 'module', 'global', 'ipcRenderer', 'electron'].filter(
        (name) => name in window,
      ),
      bridge: Object.keys(bridge).sort(),
      calls: Object.keys(bridge.calls).sort(),
      kinds: [...new Set(Object.values(bridge.calls).map((call) => typeof call))],
      isFrozen: Object.isFrozen(bridge) && Object.isFrozen(bridge.calls),
    };
  });
  const due = callNames
    .filter((name) => (calls[name].clients as readonly string[]).includes('window'))
    .sort();
  expect(seen).toEqual({
    globals: [],
    bridge: ['adopt', 'calls', 'on', 'platform'],
    calls: due,
    kinds: ['function'],
    isFrozen: true,
  });
});

test('a page that is not ours is refused, with the same preload', async () => {
  const answers = await outpost.app.evaluate(async ({ app, BrowserWindow }) => {
    const window = new BrowserWindow({
      show: false,
      webPreferences: { sandbox: true, preload: `${app.getAppPath()}/out/preload/index.cjs` },
    });
    const output: unknown[] = [];
    for (const url of ['data:text/html,<p>x', 'outpost://photo/f1', 'about:blank']) {
      await window.loadURL(url).catch(() => undefined);
      output.push(
        await window.webContents
          .executeJavaScript('window.outpost.calls["app.info"]().then((o) => o.fault?.code ?? "answered")')
          .catch((error: unknown) => String(error)),
      );
    }
    window.destroy();
    return output;
  });
  for (const code of answers) expect(code).toBe('sender-refused');
});

test('every call refuses what does not fit, naming the field', async () => {
  const wrong = await outpost.page.evaluate(async () => {
    const bridge = (
      window as unknown as {
        outpost: {
          calls: Record<
            string,
            (input: unknown) => Promise<{ ok: boolean; fault?: { code: string; params: { field?: string } } }>
          >;
        };
      }
    ).outpost;
    const garbage = [
      null,
      0,
      '',
      [],
      true,
      'x'.repeat(1_000_000),
      { path: '/etc/passwd' },
      { ref: '../../x' },
      { ref: {} },
      { run: 'r1; drop table' },
      { model: 'a/../b' },
      { text: 5 },
      { kind: 'disk' },
      new Uint8Array(9),
      { theme: 'pink' },
    ];
    const failures: string[] = [];
    for (const [name, call] of Object.entries(bridge.calls))
      for (const [at, input] of garbage.entries()) {
        const { ok, fault } = await call(input);
        if (ok || fault?.code !== 'request-invalid' || !fault.params.field)
          failures.push(`${name} ${at} ${fault?.code ?? 'answered'}`);
      }
    return failures;
  });
  expect(wrong).toEqual([]);
});

test('the scheme serves the page and nothing beside it', async () => {
  const statuses = await outpost.app.evaluate(async ({ session }) => {
    const found: Record<string, number> = {};
    for (const url of [
      'outpost://app/',
      'outpost://app/index.html',
      'outpost://app/../main/index.js',
      'outpost://app/..%2fmain%2findex.js',
      'outpost://app/%2e%2e/main/index.js',
      'outpost://app/..%5cmain',
      'outpost://app/%00',
      'outpost://app/package.json',
      'outpost://other/index.html',
      'outpost://photo/',
      'outpost://photo/..%2f..%2fetc%2fpasswd',
      'outpost://thumb/f1?edge=99999',
    ])
      found[url] = (await session.defaultSession.fetch(url)).status;
    found['POST'] = (
      await session.defaultSession.fetch('outpost://app/index.html', { method: 'POST', body: 'x' })
    ).status;
    return found;
  });
  for (const [url, status] of Object.entries(statuses))
    expect(`${url} ${status}`).toBe(
      `${url} ${url === 'POST' ? 405 : /app\/(index\.html)?$/u.test(url) ? 200 : 404}`,
    );
});

test('the policy comes by header and holds', async () => {
  const headers = await outpost.app.evaluate(async ({ session }) =>
    Object.fromEntries((await session.defaultSession.fetch('outpost://app/index.html')).headers.entries()),
  );
  expect(headers['x-content-type-options']).toBe('nosniff');
  for (const rule of [
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ])
    expect(headers['content-security-policy']).toContain(rule);
  const ran = await outpost.page.evaluate(async () => {
    // Past the first turn: what a debugger evaluates at once is exempt from the policy.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const script = document.createElement('script');
    script.textContent = 'window.planted = 1';
    document.head.append(script);
    let evaluated = 'ran';
    try {
      // oxlint-disable-next-line typescript/no-implied-eval -- that it does not run is what is tested
      new Function('return 1')();
    } catch (error) {
      evaluated = (error as Error).name;
    }
    return { planted: 'planted' in window, evaluated };
  });
  expect(ran).toEqual({ planted: false, evaluated: 'EvalError' });
});

test('nothing reaches the network, however the page tries', async () => {
  let reached = 0;
  const server = createServer((_, response) => response.end('x'));
  server.on('connection', () => (reached += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const remaining = await outpost.page.evaluate(async (target) => {
    const outcomes: Record<string, string> = {};
    const attempt = async (name: string, act: () => unknown) => {
      try {
        await act();
        outcomes[name] = 'done';
      } catch (error) {
        outcomes[name] = (error as Error).name;
      }
    };
    const element = (tag: string, set: object) =>
      document.body.append(Object.assign(document.createElement(tag), set));
    await attempt('fetch', () => fetch(target));
    await attempt('no-cors', () => fetch(target, { mode: 'no-cors' }));
    await attempt('socket', () => new WebSocket(target.replace('http', 'ws')));
    await attempt('events', () => new EventSource(target));
    await attempt('beacon', () => navigator.sendBeacon(target, 'x'));
    element('img', { src: `${target}/a.png` });
    element('iframe', { src: target });
    element('script', { src: `${target}/a.js` });
    element('link', { rel: 'stylesheet', href: `${target}/a.css` });
    element('link', { rel: 'prefetch', href: target });
    element('link', { rel: 'preconnect', href: target });
    element('link', { rel: 'dns-prefetch', href: 'http://example.org' });
    element('video', { src: target });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    for (const added of document.querySelectorAll(
      'iframe, script[src^="http"], link[href^="http"], video, body > img',
    ))
      added.remove();
    return outcomes;
  }, `http://127.0.0.1:${port}`);
  server.close();
  expect(remaining['fetch']).toBe('TypeError');
  expect(remaining['no-cors']).toBe('TypeError');
  expect(reached).toBe(0);
  const viaMain = await outpost.app.evaluate(async ({ session }) =>
    session.defaultSession.fetch('http://example.org/').then(
      () => 'reached',
      () => 'refused',
    ),
  );
  expect(viaMain).toBe('refused');
  const file = await outpost.page.evaluate(() =>
    fetch('file:///etc/passwd').then(
      () => 'read',
      () => 'refused',
    ),
  );
  expect(file).toBe('refused');
});

test('the window stays where it is and opens no other', async () => {
  const before = outpost.page.url();
  const opened = await outpost.page.evaluate(() =>
    window.open('https://example.org') === null ? 'null' : 'a window',
  );
  expect(opened).toBe('null');
  for (const target of [
    'https://example.org/',
    'file:///etc/passwd',
    'outpost://photo/f1',
    'javascript:window.planted=1',
  ]) {
    await outpost.page.evaluate((url) => void (location.href = url), target).catch(() => undefined);
    await outpost.page.waitForTimeout(150);
    expect(outpost.page.url()).toBe(before);
  }
  const webviews = await outpost.page.evaluate(() => {
    const view = document.createElement('webview');
    view.setAttribute('src', 'data:text/html,x');
    document.body.append(view);
    const isPlain = view.constructor.name === 'HTMLElement';
    view.remove();
    return isPlain;
  });
  expect(webviews).toBe(true);
  expect(await outpost.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('every permission is refused', async () => {
  const answers = await outpost.page.evaluate(async () => ({
    place: await new Promise((resolve) =>
      navigator.geolocation.getCurrentPosition(
        () => resolve('given'),
        (error) => resolve(error.code),
      ),
    ),
    camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(
      () => 'given',
      () => 'refused',
    ),
    notices: await Notification.requestPermission(),
    asked: (await navigator.permissions.query({ name: 'notifications' })).state,
  }));
  expect(answers).toEqual({ place: 1, camera: 'refused', notices: 'denied', asked: 'denied' });
});
