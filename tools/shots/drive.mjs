import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { _electron } from '@playwright/test';
import { root } from '../setup/paths.mjs';
import { makeFolder } from './folder.mjs';
import { screens } from './screens.mjs';

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = values.only?.split(',');
const sizes = [
  [1280, 800],
  [1920, 1080],
];
const out = path.join(root, 'docs', 'screens');
mkdirSync(out, { recursive: true });
const temp = mkdtempSync(path.join(os.tmpdir(), 'outpost-shots-'));
const photos = await makeFolder(path.join(temp, 'North ridge, October'));
let failures = 0;

for (const theme of ['light', 'dark', 'contrast']) {
  for (const [width, height] of theme === 'contrast' ? sizes.slice(0, 1) : sizes) {
    const data = path.join(temp, `${theme}-${width}`);
    const app = await _electron.launch({
      args: [root, '--data', data, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      colorScheme: null,
      cwd: root,
    });
    const page = await app.firstWindow();
    await app.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0].setContentSize(...size),
      [width, height],
    );
    await page.evaluate((choice) => window.outpost.calls['settings.set']({ theme: choice }), theme);
    for (const [name, show] of Object.entries(screens)) {
      if (wanted && !wanted.includes(name)) continue;
      try {
        await page.keyboard.press('Control+1');
        await show({ app, page, photos, root });
        await page.mouse.move(1, 1);
        await page.waitForTimeout(500);
        await page.screenshot({ path: path.join(out, `${name}-${theme}-${width}x${height}.png`) });
        console.log(`  ${name}, ${theme}, ${width} × ${height}`);
      } catch (error) {
        failures += 1;
        console.error(`  ${name}, ${theme}, ${width} × ${height}: ${error.message.split('\n')[0]}`);
      }
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
    }
    await app.close();
  }
}
rmSync(temp, { recursive: true, force: true });
process.exitCode = failures > 0 ? 1 : 0;
