import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { value } from './bridge.ts';
import { startRun } from './card.ts';
import { writePhotos } from './photos.ts';
import { expect, test } from './program.ts';

/* A run goes on when the window is closed: an icon beside the clock leads back, and one notification tells its end. */

type Seen = { tip: string; menu: string[]; notified: string[]; asked: string[]; awake: boolean };
type Watched = typeof globalThis & { seen?: Seen };

/** Notes what the system is given to show, and answers the question of a window that closes with its third button. */
async function watchSystem(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ Tray, Notification, dialog }) => {
    const seen: Seen = { tip: '', menu: [], notified: [], asked: [], awake: false };
    (globalThis as Watched).seen = seen;
    Tray.prototype.setToolTip = (tip) => void (seen.tip = tip);
    Tray.prototype.setContextMenu = (menu) =>
      void (seen.menu = menu?.items.filter(({ type }) => type === 'normal').map(({ label }) => label) ?? []);
    Notification.isSupported = () => true;
    Notification.prototype.show = function show(this: { title: string }) {
      seen.notified.push(this.title);
    };
    dialog.showMessageBox = ((...given: unknown[]) => {
      const { detail, buttons } = given.at(-1) as { detail: string; buttons: string[] };
      seen.asked.push(detail, ...buttons);
      return Promise.resolve({ response: 2, checkboxChecked: false });
    }) as typeof dialog.showMessageBox;
  });
}
const seenBy = (app: ElectronApplication): Promise<Seen> =>
  app.evaluate(({ powerSaveBlocker }) => ({
    ...(globalThis as Watched).seen!,
    awake: powerSaveBlocker.isStarted(0),
  }));
const isVisible = (app: ElectronApplication): Promise<boolean> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isVisible());

test('the window is closed in mid-run: the run goes on to its end, tells it once, and a second start brings the window back', async ({
  open,
  folder,
}) => {
  test.setTimeout(240_000);
  const [photos, data] = [path.join(folder, 'ridge'), path.join(folder, 'data')];
  mkdirSync(data);
  writePhotos(photos, 120);
  const program = await open({ data });
  const { app, page } = program;
  await watchSystem(app);
  const run = await startRun(program, photos);
  await expect
    .poll(async () => (await value(page, 'runs.get', { run: run.id })).counts.answered, {
      timeout: 60_000,
    })
    .toBeGreaterThan(2);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());
  await expect.poll(() => isVisible(app)).toBe(false);
  const hidden = await seenBy(app);
  expect(hidden.asked.join('\n')).toMatch(/ridge: \d+ \/ 120[^]*interrupted[^]*keep running/u);
  await expect
    .poll(async () => (await seenBy(app)).menu)
    .toEqual([expect.stringMatching(/^ridge: \d+ \/ 120$/u), 'Open Outpost', 'Quit']);
  expect((await seenBy(app)).tip).toMatch(/^Outpost \d+\s?%$/u);
  expect((await seenBy(app)).awake).toBe(true);

  await expect.poll(async () => (await seenBy(app)).notified, { timeout: 90_000 }).toHaveLength(1);
  expect((await seenBy(app)).notified[0]).toContain('ridge');
  expect(await value(page, 'runs.get', { run: run.id })).toMatchObject({
    kind: 'done',
    counts: { answered: 120 },
  });
  await expect.poll(async () => (await seenBy(app)).awake).toBe(false);
  await expect.poll(async () => (await seenBy(app)).menu).toEqual(['Open Outpost', 'Quit']);

  // As a second start of the program does.
  await app.evaluate(({ app: electron }) =>
    electron.emit('second-instance', {}, [], '', { files: [], model: undefined }),
  );
  await expect.poll(() => isVisible(app)).toBe(true);
  expect((await seenBy(app)).notified).toHaveLength(1);
});
