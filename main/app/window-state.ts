import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { WindowLook } from '../../contract/calls/menu.ts';
import { languages } from '../../contract/settings.ts';
import { makeFolders } from '../lib/make-folders.ts';

const whole = z.number().int();
/** Of a window that was never closed. */
export const standardLook: WindowLook = { view: 'try', threshold: 0.1 };
/** Where the window was, what it showed and whether it was dark: known before the store is open. */
export const WindowState = z.strictObject({
  bounds: z.strictObject({ x: whole, y: whole, width: whole, height: whole }).nullable(),
  maximized: z.boolean(),
  theme: z.enum(['system', 'light', 'dark', 'contrast']),
  /** Of the page; null until it was chosen. */
  language: z.enum(languages).nullable().default(null),
  look: WindowLook.default(standardLook),
  /** Files and folders that were opened last, newest first. */
  recent: z.array(z.string()).max(10).default([]),
});
export type WindowState = z.infer<typeof WindowState>;
export type Area = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

export const smallest = { width: 800, height: 500 };
const standard = WindowState.parse({ bounds: null, maximized: false, theme: 'system' });

export const windowFile = (data: string): string => join(data, 'window.json');

/** What is kept in `file`; anything that is not a place is as good as nothing. */
export function readWindowState(file: string): WindowState {
  try {
    return WindowState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return standard;
  }
}

/** Atomic write: temporary file, then rename. */
export async function writeWindowState(file: string, place: WindowState): Promise<void> {
  const partial = `${file}.${process.pid}.partial`;
  await makeFolders(dirname(file));
  await writeFile(partial, `${JSON.stringify(place)}\n`, { mode: 0o600 });
  await rename(partial, file);
}

/** The kept bounds if a person could still take hold of the window there: a screen may have been unplugged since. */
export function boundsOnScreen(bounds: Area | null, screens: readonly Area[]): Area | null {
  if (!bounds) return null;
  const reachable = screens.some((screen) => {
    const wide = Math.min(bounds.x + bounds.width, screen.x + screen.width) - Math.max(bounds.x, screen.x);
    const isTitleInside = bounds.y >= screen.y - 8 && bounds.y < screen.y + screen.height - 40;
    return wide >= 120 && isTitleInside;
  });
  return reachable
    ? {
        ...bounds,
        width: Math.max(bounds.width, smallest.width),
        height: Math.max(bounds.height, smallest.height),
      }
    : null;
}
