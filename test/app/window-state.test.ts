import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { boundsOnScreen, readWindowState, writeWindowState } from '../../main/app/window-state.ts';
import { localeOf } from '../../main/app/locale.ts';
import { newFolder } from '../temp/folder.ts';

let folder: string;
beforeEach(async () => {
  folder = newFolder('place');
});

/** What a file that was written before these were kept says of them. */
const fresh = { language: null, look: { view: 'try', threshold: 0.1 }, recent: [] };
const screen = { x: 0, y: 0, width: 1920, height: 1080 };

it('comes back as it was written, and leaves nothing else behind', async () => {
  const file = join(folder, 'window.json');
  const place = {
    bounds: { x: 5, y: 6, width: 1000, height: 700 },
    maximized: true,
    theme: 'dark',
    language: 'de',
    look: { view: 'monitor', threshold: 0.25 },
    recent: ['/photos/creek'],
  } as const;
  await writeWindowState(file, { ...place, recent: [...place.recent] });
  expect(readWindowState(file)).toEqual(place);
  expect(await readdir(folder)).toEqual(['window.json']);
});

it.each(['', '{', '[]', '{"bounds":{"x":"1"}}', '{"bounds":null,"maximized":false,"theme":"pink"}'])(
  'is the standard one when %s is kept',
  async (text) => {
    const file = join(folder, 'window.json');
    await writeFile(file, text);
    expect(readWindowState(file)).toEqual({ bounds: null, maximized: false, theme: 'system', ...fresh });
  },
);

it('keeps what an older Outpost wrote', async () => {
  const file = join(folder, 'window.json');
  await writeFile(file, '{"bounds":null,"maximized":true,"theme":"dark"}');
  expect(readWindowState(file)).toEqual({ bounds: null, maximized: true, theme: 'dark', ...fresh });
});

it('is given up when no screen shows it any more', () => {
  const size = { width: 1000, height: 700 };
  expect(boundsOnScreen({ x: 100, y: 100, ...size }, [screen])).toEqual({ x: 100, y: 100, ...size });
  expect(boundsOnScreen({ x: 3000, y: 100, ...size }, [screen])).toBeNull();
  expect(boundsOnScreen({ x: 100, y: -500, ...size }, [screen])).toBeNull();
  expect(boundsOnScreen({ x: 3000, y: 100, ...size }, [screen, { ...screen, x: 1920 }])).not.toBeNull();
  expect(boundsOnScreen({ x: 0, y: 0, width: 1, height: 1 }, [screen])).toBeNull();
  expect(boundsOnScreen({ x: 0, y: 0, width: 500, height: 400 }, [screen])).toMatchObject({
    width: 800,
    height: 500,
  });
});

it('dates are written as the system writes the language, and with the day first where it does not know it', () => {
  expect(localeOf('de', ['fr-FR', 'de-AT', 'en-US'])).toBe('de-AT');
  expect(localeOf('de', ['en-US'])).toBe('de');
  expect(localeOf('en', ['en_US'])).toBe('en_US');
  expect(localeOf('en', ['de-DE'])).toBe('en-GB');
});
