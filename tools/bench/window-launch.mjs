// Started by window.mjs on a screen of its own: opens the real window with a photo and says when its answer stood there.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron } from '@playwright/test';

const turns = Number(process.argv[2]);
const photos = ['chelsea.png', 'coffee.png'].map((name) => path.resolve('test', 'fixtures', 'photos', name));
const labels = ['tiger cat', 'espresso'];
const times = { usable: [], first: [], later: [] };

for (let turn = 0; turn < turns; turn += 1) {
  const data = mkdtempSync(path.join(os.tmpdir(), 'outpost-bench-'));
  // The second launch has a store and a proved provider, and gets a new photo.
  for (const at of [0, 1]) {
    const begun = performance.now();
    const app = await _electron.launch({
      args: ['.', '--data', data, photos[at]],
      chromiumSandbox: process.env.OUTPOST_TEST_SANDBOX === '1',
    });
    const page = await app.firstWindow();
    await page.waitForLoadState('domcontentloaded');
    times.usable.push((performance.now() - begun) / 1000);
    await page.getByText(labels[at]).first().waitFor({ timeout: 60_000 });
    times[at === 0 ? 'first' : 'later'].push((performance.now() - begun) / 1000);
    await app.close();
  }
  rmSync(data, { recursive: true, force: true });
}
console.log(JSON.stringify(times));
