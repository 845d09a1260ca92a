import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { OutpostEvent } from '../../contract/calls/events.ts';
import { value, workerPids } from './bridge.ts';
import { model, startRun } from './card.ts';
import { launch, newFolder, photo, removeFolder, root } from './launch.ts';
import { writePhotos } from './photos.ts';
import { isAlive } from '../fixtures/is-alive.ts';
import { labelled } from '../fixtures/labelled.ts';

let data: string;
test.beforeEach(() => {
  data = newFolder();
});
test.afterEach(() => rmSync(data, { recursive: true, force: true }));

test('the window remembers its place, and is dark before the first paint when it was dark', async () => {
  const first = await launch({ data });
  await value(first.page, 'settings.set', { theme: 'dark' });
  const isDark = () => first.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  await expect.poll(isDark).toBe(true);
  await first.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.setBounds({ x: 40, y: 50, width: 1100, height: 720 }),
  );
  await first.page.waitForTimeout(200);
  await first.close();
  const second = await launch({ data });
  const seen = await second.app.evaluate(({ BrowserWindow, nativeTheme }) => {
    const window = BrowserWindow.getAllWindows()[0]!;
    return {
      ground: window.getBackgroundColor().toUpperCase(),
      theme: nativeTheme.themeSource,
      bounds: window.getBounds(),
      smallest: window.getMinimumSize(),
      title: window.getTitle(),
    };
  });
  await second.close();
  expect(seen).toMatchObject({
    ground: '#0E1311',
    theme: 'dark',
    bounds: { width: 1100, height: 720 },
    smallest: [800, 500],
    title: 'Outpost',
  });
});

test('a second start hands its files to the first and ends', async () => {
  const first = await launch({ data });
  await first.page.evaluate(() => {
    const page = window as unknown as {
      outpost: { on(listener: (event: { kind: string }) => void): void };
      opened: unknown[];
    };
    page.opened = [];
    page.outpost.on((event) => event.kind === 'files-opened' && page.opened.push(event));
  });
  const executable = await first.app.evaluate(() => process.execPath);
  const flags = process.env['OUTPOST_TEST_SANDBOX'] === '1' ? [] : ['--no-sandbox'];
  const code = await new Promise((resolve) =>
    spawn(executable, [...flags, root, '--data', data, photo('coffee.png')], { stdio: 'ignore' }).on(
      'close',
      resolve,
    ),
  );
  expect(code).toBe(0);
  const opened = () => first.page.evaluate(() => (window as unknown as { opened: OutpostEvent[] }).opened);
  await expect.poll(opened).toMatchObject([{ selection: { files: [{ name: 'coffee.png' }] } }]);
  expect(await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  await first.close();
});

test('a data folder that takes nothing does not keep the window from answering', async () => {
  test.skip(process.getuid?.() === 0, 'root may write everywhere');
  chmodSync(data, 0o500);
  // The one that it takes instead stays as long as the machine runs.
  const TMPDIR = newFolder();
  const outpost = await launch({ data: join(data, 'below'), env: { TMPDIR } });
  const { files } = await value(outpost.page, 'files.samples', { model });
  const record = await value(outpost.page, 'predict.one', { ref: files[0]!.ref, model, request: 'a' });
  expect(labelled(record.result).predictions[0]!.label).toBe('tiger cat');
  expect((await value(outpost.page, 'app.store')).kind).toBe('read-only');
  await outpost.close();
  chmodSync(data, 0o700);
  removeFolder(TMPDIR);
});

test('quitting in the middle of a run ends every process and keeps what is finished', async () => {
  const outpost = await launch({ data });
  const card = join(data, 'card');
  writePhotos(card, 60);
  const { id } = await startRun(outpost, card);
  await expect
    .poll(async () => (await value(outpost.page, 'runs.get', { run: id })).counts.answered, {
      timeout: 60_000,
    })
    .toBeGreaterThan(5);
  const pids = await workerPids(outpost.app);
  expect(pids.length).toBeGreaterThan(0);
  await outpost.close();
  await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  const again = await launch({ data });
  expect((await value(again.page, 'app.store')).kind).toBe('ready');
  expect((await value(again.page, 'cache.stats')).answers).toBeGreaterThan(5);
  await again.close();
});

test('what is kept is the owner’s alone, and the log holds no path of theirs', async () => {
  const made = join(data, 'made by the program');
  const outpost = await launch({ data: made, files: [join(data, 'My Photos', 'not there.jpg')] });
  const { files } = await value(outpost.page, 'files.samples', { model });
  await value(outpost.page, 'predict.one', { ref: files[0]!.ref, model, request: 'a' });
  await outpost.page.evaluate(() =>
    (window as unknown as { outpost: { calls: Record<string, (input: unknown) => Promise<unknown>> } })
      .outpost.calls['models.show']!({ model: 'no-such-model' }),
  );
  await outpost.close();
  if (process.platform !== 'win32') expect(statSync(join(made, 'outpost.db')).mode & 0o077).toBe(0);
  const log = join(made, 'logs', 'outpost.log');
  if (existsSync(log)) expect(readFileSync(log, 'utf8')).not.toMatch(/My Photos|not there/u);
});
