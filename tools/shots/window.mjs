// The real program on a data folder of its own, at one size and in one theme.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { _electron } from '@playwright/test';
import { root } from '../setup/paths.mjs';

export const fixtures = path.join(root, 'test', 'fixtures');

export async function openWindow({ executable, data, theme, width, height }) {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await _electron.launch({
    executablePath: executable,
    args: [...sandbox, root, '--data', data],
    cwd: root,
    timeout: 60_000,
  });
  const page = await app.firstWindow();
  await page.waitForLoadState('domcontentloaded');
  const size = { width, height };
  await app.evaluate(({ BrowserWindow }, wanted) => {
    const [window] = BrowserWindow.getAllWindows();
    window.setContentSize(wanted.width, wanted.height);
  }, size);
  await page.evaluate((chosen) => window.outpost.calls['settings.set']({ theme: chosen }), theme);
  await page.waitForFunction((chosen) => document.documentElement.dataset.theme === chosen, theme);
  await page.waitForFunction((wanted) => window.innerWidth === wanted.width, size);
  return { app, page, close: () => app.close() };
}

/** What the next dialog gives back. */
export async function answerDialog({ app }, paths) {
  await app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
  }, paths);
}

export async function choose(shot, paths, button) {
  const { page } = shot;
  await answerDialog(shot, paths);
  await page.getByRole('button', { name: button }).first().click();
}

/** A season's folder: many photos that are all different files, and a few that cannot be read. */
export function writeFolder(folder) {
  mkdirSync(folder, { recursive: true });
  const photos = readdirSync(path.join(fixtures, 'photos')).filter((name) => /\.(?:png|jpg)$/.test(name));
  for (let at = 0; at < 600; at += 1) {
    // Some come more often than others, as on a real card.
    const name = photos[Math.floor((((at * 7) % photos.length) * ((at * 5) % 13)) / 13) % photos.length];
    const own = at < photos.length * 3 ? Buffer.alloc(0) : Buffer.from(`${at}`);
    // Behind the end of a picture anything may follow; the first three rounds are alike and answered once.
    const bytes = Buffer.concat([readFileSync(path.join(fixtures, 'photos', name)), own]);
    writeFileSync(path.join(folder, `${String(at).padStart(4, '0')}-${name}`), bytes);
  }
  for (const [at, name] of readdirSync(path.join(fixtures, 'bad')).entries())
    copyFileSync(
      path.join(fixtures, 'bad', name),
      path.join(folder, `${String(at * 20 + 7).padStart(4, '0')}-${name}`),
    );
  return folder;
}
