// `npm run shots`: drives the real window through every screen and state, and keeps a picture of each in docs/screens/.
// Takes names of screens, or of pictures, to make only those: `npm run shots -- try-one models-dark-1280x800`.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { ensureBuilt } from './build.mjs';
import { ensureReady, runTool } from './setup/index.mjs';
import { root } from './setup/paths.mjs';

const inside = process.argv[2] === '--inside';
const sizes = [
  [1280, 800],
  [1920, 1080],
];
const themes = ['light', 'dark'];
/** README's first picture. */
const first = 'try-one';

await runTool(async () => {
  const { runtime } = await ensureReady({ display: 'virtual', log: inside ? () => {} : console.log });
  await ensureBuilt({ log: console.log });
  // A screen of its own, larger than the largest picture.
  if (!inside && process.platform === 'linux') return underXvfb();
  const { default: sharp } = await import('sharp');
  const { refuseFlaws } = await import('./shots/flaws.mjs');
  const { pullCard } = await import('./shots/cards.mjs');
  const { waitForQuiet } = await import('./shots/quiet.mjs');
  const { screens } = await import('./shots/screens.mjs');
  const { servingScreens, seedWeek } = await import('./shots/serving.mjs');
  const { openOffice } = await import('./shots/office.mjs');
  const { openWindow, writeFolder } = await import('./shots/window.mjs');
  const wanted = process.argv.slice(inside ? 3 : 2);
  const target = path.join(root, 'docs', 'screens');
  mkdirSync(target, { recursive: true });
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'outpost-shots-'));
  try {
    const office = openOffice(path.join(scratch, 'office'));
    const folder = writeFolder(path.join(scratch, 'North ridge, October'));
    let made = 0;
    const nameOf = (name, { theme, width, height }) => `${name}-${theme}-${width}x${height}`;
    const isWanted = (name, look) =>
      wanted.length === 0 || wanted.includes(name) || wanted.includes(nameOf(name, look));
    const sets = [
      { set: 'data', shown: screens, seed: async () => {} },
      { set: 'week', shown: servingScreens, seed: seedWeek },
    ];
    const looks = themes.flatMap((theme) => sizes.map(([width, height]) => ({ theme, width, height })));
    const names = sets.flatMap(({ shown }) => Object.keys(shown));
    const known = new Set([...names, ...names.flatMap((name) => looks.map((look) => nameOf(name, look)))]);
    const unknown = wanted.filter((name) => !known.has(name));
    if (unknown.length > 0) throw new Error(`No screen is called ${unknown.join(', ')}.`);
    const take = async (look, { set, shown, seed }, isTaken) => {
      const { theme, width, height } = look;
      // One screen leads to the next: those behind the last that is taken need not be reached.
      const last = Object.keys(shown).findLastIndex((name) => isTaken(name, look));
      if (last === -1) return;
      const data = mkdtempSync(path.join(scratch, `${set}-${theme}-${width}-`));
      await seed(data);
      await waitForQuiet();
      const shot = await openWindow({ executable: runtime.executable, data, theme, width, height });
      try {
        for (const [name, show] of Object.entries(shown).slice(0, last + 1)) {
          // False: this computer cannot show it.
          if ((await show({ ...shot, folder, office })) === false || !isTaken(name, look)) continue;
          await shot.page.waitForTimeout(350);
          await refuseFlaws(shot.page, name);
          const picture = await shot.page.screenshot();
          const file = path.join(target, `${nameOf(name, look)}.png`);
          // A palette makes files a third as large; exact colours do not matter here.
          await sharp(picture).png({ palette: true, quality: 95, effort: 10 }).toFile(file);
          made += 1;
        }
      } catch (error) {
        const failed = path.join(os.tmpdir(), 'outpost-shots-failed.png');
        await shot.page.screenshot({ path: failed }).catch(() => undefined);
        console.error(`The screen as it was: ${failed}`);
        throw error;
      } finally {
        pullCard();
        await shot.close();
      }
    };
    for (const look of looks) for (const set of sets) await take(look, set, isWanted);
    // The one that everybody sees first, when the disk and the machine are warm.
    if (isWanted(first, looks[0])) await take(looks[0], sets[0], (name) => name === first);
    console.log(`${made} pictures in ${path.relative(process.cwd(), target) || target}`);
    return 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
});

function underXvfb() {
  const args = [
    '-a',
    '-s',
    '-screen 0 2048x1280x24',
    process.execPath,
    path.join(root, 'tools', 'shots.mjs'),
    '--inside',
  ];
  if (!existsSync('/usr/bin/xvfb-run'))
    throw new Error('xvfb-run is missing: install the package xvfb, then try again.');
  const child = spawn('xvfb-run', [...args, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
