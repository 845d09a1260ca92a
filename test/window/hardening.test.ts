import type { Page } from '@playwright/test';
import { calls } from '../../contract/calls.ts';
import { expect, test } from './launch.ts';
import type { Outpost } from './launch.ts';

/** What the page can reach, asked from inside the page. */
const inPage = <T>(page: Page, script: string): Promise<T> => page.evaluate(script) as Promise<T>;

async function fetched(page: Page, url: string): Promise<number | 'refused'> {
  return page.evaluate((asked) => fetch(asked).then((answer) => answer.status, () => 'refused' as const), url);
}

test('the page is sandboxed and isolated, and nothing of Node is in it', async ({ launch }) => {
  const { app, page } = await launch();
  const preferences = await app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => contents.getLastWebPreferences()),
  );
  expect(preferences).toHaveLength(1);
  expect(preferences[0]).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
  });
  const globals = ['require', 'process', 'Buffer', 'module', 'global', 'ipcRenderer', 'electron'];
  const kinds = await inPage<string[]>(page, `[${globals.map((name) => `typeof ${name}`).join(', ')}]`);
  expect(kinds).toEqual(globals.map(() => 'undefined'));
});

test('the bridge is the calls of the table, frozen, and nothing else', async ({ launch }) => {
  const { page } = await launch();
  const bridge = await page.evaluate(() => {
    const { outpost } = window as unknown as { outpost: { calls: Record<string, unknown> } };
    return {
      names: Object.keys(outpost).sort(),
      calls: Object.keys(outpost.calls).sort(),
      kinds: [...new Set(Object.values(outpost.calls).map((value) => typeof value))],
      frozen: Object.isFrozen(outpost) && Object.isFrozen(outpost.calls),
    };
  });
  const rows = Object.entries(calls).filter(([, row]) => (row.doors as readonly string[]).includes('window'));
  expect(bridge).toEqual({
    names: ['adopt', 'calls', 'on', 'platform'],
    calls: rows.map(([name]) => name).sort(),
    kinds: ['function'],
    frozen: true,
  });
});

test('a page that is not ours is refused by every call, also with our preload', async ({ launch }) => {
  const { app } = await launch();
  const refused = await app.evaluate(async ({ BrowserWindow, app: program }) => {
    const preload = `${program.getAppPath()}/out/preload/index.cjs`;
    const window = new BrowserWindow({
      show: false,
      webPreferences: { preload, sandbox: true, contextIsolation: true },
    });
    await window.loadURL('data:text/html,<title>elsewhere</title>');
    const codes = (await window.webContents.executeJavaScript(
      `Promise.all(Object.values(outpost.calls).map((call) => call().then((answer) => answer.ok ? 'answered' : answer.fault.code)))`,
    )) as string[];
    window.destroy();
    return [...new Set(codes)];
  });
  expect(refused).toEqual(['sender-refused']);
});

test('every call with an input says by name what is wrong with a bad one', async ({ launch }) => {
  const { page } = await launch();
  const bad: unknown[] = [null, 7, 'x', [], { run: '../../etc/passwd' }, { ref: '/etc/passwd' }, { model: 'A'.repeat(10_000) }];
  const answers = await page.evaluate(async (inputs) => {
    type Answer = { ok: boolean; fault?: { code: string; message: string } };
    const { outpost } = window as unknown as { outpost: { calls: Record<string, (input: unknown) => Promise<Answer>> } };
    const asked = Object.entries(outpost.calls).flatMap(([name, call]) =>
      inputs.map(async (input) => ({ name, answer: await call(input) })),
    );
    return Promise.all(asked);
  }, bad);
  const wrong = answers.filter(({ answer }) => answer.ok || answer.fault?.code !== 'request-invalid');
  expect(wrong).toEqual([]);
  expect(answers.every(({ name, answer }) => answer.fault?.message.includes(name))).toBe(true);
});

test('a reference of a file that was never chosen leads nowhere', async ({ launch }) => {
  const { page } = await launch();
  const code = await page.evaluate(async () => {
    type Answer = { ok: boolean; fault?: { code: string } };
    const { outpost } = window as unknown as { outpost: { calls: Record<string, (input: unknown) => Promise<Answer>> } };
    const answer = await outpost.calls['predict.one']!({ ref: 'f000000', model: 'efficientnet-lite0', request: 'a' });
    return answer.fault?.code;
  });
  expect(code).toBe('file-not-found');
  expect(await fetched(page, 'outpost://photo/f000000')).not.toBe(200);
});

test('the scheme serves the built page and nothing beside it', async ({ launch }) => {
  const { app, page } = await launch();
  expect(page.url()).toMatch(/^outpost:\/\/app\//u);
  const statuses = await app.evaluate(async ({ net }) => {
    const urls = [
      'outpost://app/index.html',
      'outpost://app/..%2fmain/index.js',
      'outpost://app/%2e%2e/main/index.js',
      'outpost://app/..%5cmain%5cindex.js',
      'outpost://app/%2fetc%2fpasswd',
      'outpost://app/index.html%00.js',
      'outpost://elsewhere/index.html',
      'outpost://photo/..%2f..%2fetc%2fpasswd',
      'outpost://thumb/f000000?edge=99999',
    ];
    return Promise.all(urls.map(async (url) => (await net.fetch(url)).status));
  });
  expect(statuses).toEqual([200, ...statuses.slice(1).map(() => 404)]);
});

test('the policy forbids inline scripts, eval and every address but our own', async ({ launch }) => {
  const { app, page } = await launch();
  const policy = await app.evaluate(async ({ net }) =>
    (await net.fetch('outpost://app/index.html')).headers.get('content-security-policy'),
  );
  for (const rule of ["default-src 'none'", "script-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"])
    expect(policy).toContain(rule);
  const result = await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'window.inlineRan = true';
    document.head.append(script);
    let evaluated = 'ran';
    try {
      new Function('return 1')();
    } catch (error) {
      evaluated = (error as Error).name;
    }
    return { inlineRan: 'inlineRan' in window, evaluated };
  });
  expect(result).toEqual({ inlineRan: false, evaluated: 'EvalError' });
  for (const url of ['https://example.com/', 'http://127.0.0.1:1/', 'file:///etc/passwd'])
    expect(await fetched(page, url)).toBe('refused');
});

test('the page stays where it is and opens nothing', async ({ launch }) => {
  const { app, page } = await launch();
  const before = page.url();
  const opened = await page.evaluate(() => window.open('https://example.com/') === null);
  expect(opened).toBe(true);
  await page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  await page.evaluate(() => {
    const view = document.createElement('webview');
    view.setAttribute('src', 'https://example.com/');
    const frame = document.createElement('iframe');
    frame.src = 'https://example.com/';
    document.body.append(view, frame);
  });
  await page.waitForTimeout(500);
  expect(page.url()).toBe(before);
  const open = await app.evaluate(({ webContents }) => webContents.getAllWebContents().length);
  expect(open).toBe(1);
});

test('no permission is given', async ({ launch }) => {
  const { page } = await launch();
  const answers = await page.evaluate(async () => ({
    place: await new Promise((resolve) =>
      navigator.geolocation.getCurrentPosition(
        () => resolve('given'),
        (error) => resolve(error.code),
      ),
    ),
    camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(
      () => 'given',
      (error: Error) => error.name,
    ),
    notifications: await Notification.requestPermission(),
  }));
  expect(answers.place).toBe(1);
  expect(answers.camera).not.toBe('given');
  expect(answers.notifications).toBe('denied');
});

test('in normal use the page asks the network for nothing', async ({ launch }) => {
  const { page, app } = await launch();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.reload();
  await page.waitForTimeout(1000);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((url) => !/^(?:outpost|data|blob):/u.test(url))).toEqual([]);
  const refused = await app.evaluate(async ({ net }) =>
    net.fetch('https://example.com/').then(() => 'answered', () => 'refused'),
  );
  expect(refused).toBe('refused');
});

test('a second start on the same data folder hands over to the first and ends', async ({ launch, folder }) => {
  const first = await launch({ data: folder });
  const { spawn } = await import('node:child_process');
  const { environment, root, samples } = await import('./launch.ts');
  const executable = await first.app.evaluate(() => process.execPath);
  const opened = nextEvent(first, 'files-opened');
  const flags = process.env['OUTPOST_TEST_SANDBOX'] === '1' ? [] : ['--no-sandbox'];
  const second = spawn(executable, [...flags, root, '--data', folder, `${samples}/chelsea.png`], {
    env: environment(),
    stdio: 'ignore',
  });
  const code = await new Promise((resolve) => second.once('exit', resolve));
  expect(code).toBe(0);
  expect(await opened).toMatchObject({ kind: 'files-opened', selection: { files: [{ name: 'chelsea.png' }] } });
  expect(first.page.isClosed()).toBe(false);
});

function nextEvent({ page }: Outpost, kind: string): Promise<unknown> {
  return page.evaluate(
    (wanted) =>
      new Promise((resolve) => {
        type Bridge = { on(listener: (event: { kind: string }) => void): () => void };
        const { outpost } = window as unknown as { outpost: Bridge };
        const stop = outpost.on((event) => {
          if (event.kind !== wanted) return;
          stop();
          resolve(event);
        });
      }),
    kind,
  );
}
