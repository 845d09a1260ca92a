import Sqlite from 'better-sqlite3';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { seedSeries } from '../fixtures/seed-series.ts';
import { noBarriers } from './barriers.ts';
import { value } from './bridge.ts';
import { writeStore } from './launch.ts';
import type { Launched } from './launch.ts';
import { expect, test } from './program.ts';
import { countCalls } from './screen.ts';

const monitor = async (page: Page): Promise<void> => {
  await page.getByRole('navigation').getByRole('button', { name: 'Monitor' }).click();
  await expect(page.getByRole('region', { name: 'Right now' })).toBeVisible();
};
const resize = async ({ app, page }: Launched, width: number, height: number): Promise<void> => {
  await app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size[0]!, size[1]!),
    [width, height],
  );
  await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(width);
};
/** Hides the window or shows it again. The driver has every page believe that it is seen, so the page is told as well. */
const show = async ({ app, page }: Launched, isShown: boolean): Promise<void> => {
  await app.evaluate(({ BrowserWindow }, shown) => {
    const window = BrowserWindow.getAllWindows()[0];
    if (shown) window?.show();
    else window?.hide();
  }, isShown);
  await page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    },
    isShown ? 'visible' : 'hidden',
  );
};
const answered = (page: Page) =>
  page.getByRole('region', { name: 'Right now' }).getByRole('listitem').filter({ hasText: 'Answered' });

/** A data folder with a week of use, and a version that took over this morning. */
async function seed(folder: string, now = Date.now()): Promise<void> {
  await writeStore(folder);
  seedSeries(folder, now);
  const db = new Sqlite(path.join(folder, 'outpost.db'));
  const event = (version: string, to: string, agoMs: number): void => {
    const at = new Date(now - agoMs).toISOString();
    const row = { model: 'efficientnet-lite0', version, at, from: null, to, fault: null };
    db.prepare('INSERT INTO lifecycle_events (model, event) VALUES (?, ?)').run(
      row.model,
      JSON.stringify(row),
    );
  };
  event('0.9.2', 'active', 9e8);
  event('1.0.0', 'active', 3e7);
  db.close();
}

test('answers are seen while they are given, and after a restart', async ({ open, folder }) => {
  const first = await open({ data: folder });
  await first.page.getByRole('button', { name: /chelsea\.png/u }).click();
  await expect(first.page.getByRole('listitem').filter({ hasText: 'tiger cat' })).toBeVisible();
  await monitor(first.page);
  await expect(first.page.locator('.monitor-live')).toBeVisible();
  // One step alone: a dot where no line can be.
  await expect(first.page.getByRole('img', { name: /^Time per answer\. 50%: [\d.]+/u })).toBeVisible();
  const before = (await value(first.page, 'monitor.series', { range: '24h' })).total.answered;
  expect(before).toBeGreaterThan(0);
  // One count of workers, wherever it is told.
  await expect(async () => {
    const places = [
      first.page.getByRole('region', { name: 'Right now' }),
      first.page.getByRole('contentinfo'),
    ];
    const [here, below] = await Promise.all(places.map((one) => one.innerText()));
    expect(/\d+ workers?/u.exec(here ?? '')?.[0]).toMatch(/^[1-9]/u);
    expect(/\d+ workers?/u.exec(here ?? '')?.[0]).toBe(/\d+ workers?/u.exec(below ?? '')?.[0]);
  }).toPass({ timeout: 10_000 });
  // Nothing more was asked: it is no longer live.
  await expect(first.page.locator('.monitor-live')).toHaveCount(0, { timeout: 25_000 });
  await first.page.getByRole('button', { name: /^Client: / }).click();
  await first.page.getByRole('menuitemradio', { name: 'gRPC' }).click();
  await expect(first.page.getByText('Nothing was answered in the last hour')).toBeVisible();
  await first.page.getByRole('button', { name: 'Show all' }).click();
  await expect(first.page.getByRole('img')).toHaveCount(4);
  expect(first.complaints).toEqual([]);
  await first.close();

  const db = new Sqlite(path.join(folder, 'outpost.db'));
  const remaining = db.prepare('SELECT sum(answered) AS n FROM series WHERE door = ?').get('window');
  db.close();
  const { n } = remaining as { n: number };
  expect(n).toBeGreaterThanOrEqual(before);
  const second = await open({ data: folder });
  const series = await value(second.page, 'monitor.series', { range: '1h', client: 'window' });
  expect(series.total.answered).toBeGreaterThanOrEqual(n);
  expect(series.points.length).toBe(60);
});

test('a week of use is drawn, chosen by model and client, and told as a table', async ({ open, folder }) => {
  await seed(folder);
  const program = await open({ data: folder });
  const { page } = program;
  await monitor(page);
  await expect(page.getByRole('img')).toHaveCount(4);
  for (const at of [0, 1, 2, 3]) expect(await inkOf(page, at)).toBeGreaterThan(150);
  const changes = page.getByRole('region', { name: 'What changed' });
  await expect(changes).toContainText('1.0.0 took over from 0.9.2');

  const day = await answered(page).locator('.end').textContent();
  await page.getByText('7 days').click();
  await expect(answered(page)).toContainText('last 7 days');
  await expect(answered(page).locator('.end')).not.toHaveText(day ?? '');
  await page.getByRole('button', { name: /^Client: / }).click();
  await page.getByRole('menuitemradio', { name: 'gRPC' }).click();
  await expect(page.getByRole('img', { name: /^Answers per second\. / })).toHaveAccessibleName(/to 1/u);
  await page.getByRole('button', { name: /^Model: / }).click();
  await page.getByRole('menuitemradio', { name: 'EfficientNet-Lite0' }).click();
  await expect(page.getByText('Nothing was answered in the last 7 days')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();

  await page.getByRole('button', { name: 'Time per answer as a table' }).press('Enter');
  const table = page.getByRole('region', { name: 'Time per answer' }).getByRole('table');
  await expect(table.getByRole('columnheader')).toHaveText(['Time', '50%', '95%', '99%']);
  expect(await table.getByRole('row').count()).toBeGreaterThan(100);
  expect(program.complaints).toEqual([]);

  for (const [width, height] of [
    [1280, 800],
    [1920, 1080],
  ] as const) {
    await resize(program, width, height);
    const overflow = await page.evaluate(() => {
      const view = document.querySelector('.monitor')!;
      return [view.scrollWidth - view.clientWidth, view.scrollHeight - view.clientHeight];
    });
    expect(overflow, `${width} × ${height}`).toEqual([0, 0]);
  }
  for (const theme of ['light', 'dark', 'contrast'] as const) {
    await value(page, 'settings.set', { theme });
    await page.waitForTimeout(400);
    expect(await inkOf(page, 0), theme).toBeGreaterThan(150);
    await noBarriers(page, `the monitor, ${theme}`);
  }
});

test('nothing is asked while the window is hidden, and at once when it is back', async ({ open, folder }) => {
  await seed(folder);
  const program = await open({ data: folder });
  const { app, page } = program;
  await monitor(page);
  const asked = await countCalls(app, 'monitor.series');
  await expect.poll(asked, { timeout: 12_000 }).toBeGreaterThan(0);
  await show(program, false);
  await page.waitForTimeout(500);
  const before = await asked();
  const work = await workOf(page, 11_000);
  expect(await asked()).toBe(before);
  // Of one core, in the page: timers that look whether it is seen are all that is left.
  expect(work).toBeLessThan(0.02);
  await show(program, true);
  await expect.poll(asked, { timeout: 3_000 }).toBeGreaterThan(before);
  await page.getByRole('navigation').getByRole('button', { name: 'Models' }).click();
  await page.waitForTimeout(500);
  const elsewhere = await asked();
  await page.waitForTimeout(6_000);
  expect(await asked()).toBe(elsewhere);
});

/** Pixels of the series' colour on a chart. */
function inkOf(page: Page, at: number): Promise<number> {
  return page.evaluate((index) => {
    const canvas = document.querySelectorAll<HTMLCanvasElement>('.chart-canvas canvas')[index]!;
    const probe = document.createElement('canvas').getContext('2d')!;
    probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--series');
    probe.fillRect(0, 0, 1, 1);
    const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let ink = 0;
    for (let pixel = 0; pixel < data.length; pixel += 4)
      if (
        data[pixel] === red &&
        data[pixel + 1] === green &&
        data[pixel + 2] === blue &&
        data[pixel + 3]! > 200
      )
        ink += 1;
    return ink;
  }, at);
}

/** Share of one core that the page's own work took over this time. */
async function workOf(page: Page, ms: number): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const taken = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  };
  const before = await taken();
  await page.waitForTimeout(ms);
  const after = await taken();
  await session.detach();
  return ((after - before) * 1000) / ms;
}
