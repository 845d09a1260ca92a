import path from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { newPowerSupply } from '../fakes/power-supply.ts';
import { noBarriersInAnyTheme } from './barriers.ts';
import { finished } from './bridge.ts';
import { startRun } from './card.ts';
import { writePhotos } from './photos.ts';
import { expect, test } from './program.ts';

/** The program reads the files of this folder where the kernel shows its own. */
const readSuppliesFrom = (app: ElectronApplication, folder: string): Promise<void> =>
  app.evaluate((_, from) => {
    const builtin = (process as unknown as { getBuiltinModule: (name: string) => never }).getBuiltinModule;
    type Read = (file: string, ...rest: unknown[]) => Promise<unknown>;
    const files: Record<'readFile' | 'readdir', Read> = builtin('node:fs/promises');
    for (const name of ['readFile', 'readdir'] as const) {
      const read = files[name];
      files[name] = (file, ...rest) =>
        read(String(file).replace(/^\/sys\/class\/power_supply/u, from), ...rest);
    }
    (builtin('node:module') as { syncBuiltinESMExports: () => void }).syncBuiltinESMExports();
  }, folder);
const changePower = (app: ElectronApplication, event: 'on-battery' | 'on-ac'): Promise<void> =>
  app.evaluate(({ powerMonitor }, name) => void powerMonitor.emit(name), event);

test('a low battery slows a run and a nearly empty one pauses it; the card and the opened run say so, and it goes on or is stopped by hand', async ({
  open,
  folder,
}) => {
  test.setTimeout(240_000);
  test.skip(process.platform !== 'linux', 'the power is read from files on Linux alone');
  const supply = newPowerSupply(folder);
  const program = await open();
  const { app, page, complaints } = program;
  await readSuppliesFrom(app, supply.folder);
  supply.unplug(15);
  const photos = path.join(folder, 'ridge');
  writePhotos(photos, 600);
  const { id } = await startRun(program, photos);
  await changePower(app, 'on-battery');
  await page.keyboard.press('Control+2');
  const card = page.getByRole('article', { name: 'ridge' });
  await expect(card).toContainText('At half speed: the battery is low', { timeout: 30_000 });

  supply.unplug(6);
  await changePower(app, 'on-battery');
  await expect(card).toContainText('the battery is nearly empty', { timeout: 30_000 });
  await noBarriersInAnyTheme(page, 'a run that waits for power');
  await card.getByRole('button', { name: 'Look at the results of ridge' }).click();
  const progress = page.locator('.run-progress');
  await expect(progress).toContainText('the battery is nearly empty');
  await expect(progress).toContainText('It goes on by itself once the computer is plugged in');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(progress).toContainText('At half speed: the battery is low', { timeout: 30_000 });

  // One that is waited for is stopped by hand, too.
  const other = path.join(folder, 'valley');
  writePhotos(other, 100);
  await startRun(program, other);
  await page.keyboard.press('Control+2');
  const waiting = page.getByRole('article', { name: 'valley' });
  await expect(waiting).toContainText('the battery is nearly empty', { timeout: 30_000 });
  await waiting.getByRole('button', { name: 'Stop and keep' }).click();
  await expect(
    page.getByRole('list', { name: 'Earlier' }).getByRole('listitem', { name: 'valley' }),
  ).toContainText('Stopped');

  supply.plugIn();
  await changePower(app, 'on-ac');
  await expect(card).not.toContainText('At half speed', { timeout: 30_000 });
  await card.getByRole('button', { name: 'Stop and keep' }).click();
  await finished(page, id);
  expect(complaints).toEqual([]);
});
