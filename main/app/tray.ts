import { join } from 'node:path';
import { Menu, Tray, app, nativeImage } from 'electron';
import type { NativeImage } from 'electron';
import type { ShellWord } from '../../contract/calls/menu.ts';
import { linesOf, shareOf } from './under-way.ts';
import type { UnderWay } from './under-way.ts';

type TrayParts = {
  readonly word: (name: ShellWord) => string;
  readonly open: () => void;
  readonly quit: () => void;
  readonly log: (text: string) => void;
};
/** The icon of a program without a window: how far it is, and the way back. */
type BackgroundTray = { show(work: readonly UnderWay[]): void; hide(): void };

/** Lines of a menu beyond these are counted by nobody. */
const mostLines = 8;

/** A desktop may have no place for such icons: then starting the program again is the way back. */
export function createTray({ word, open, quit, log }: TrayParts): BackgroundTray {
  let tray: Tray | null = null;
  let shown = '';
  const make = (): Tray | null => {
    try {
      const made = new Tray(trayIcon());
      made.on('click', open);
      return made;
    } catch (error) {
      log(`no icon beside the clock: ${String(error)}`);
      return null;
    }
  };
  return {
    show: (work) => {
      tray ??= make();
      const locale = word('locale');
      const lines = linesOf(work, locale).slice(0, mostLines);
      const share = shareOf(work);
      const percent = share?.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 0 });
      const tip = percent === undefined ? 'Outpost' : `Outpost ${percent}`;
      // Some desktops draw a menu anew that is set again, under the pointer of whoever reads it.
      if (!tray || shown === `${tip}\n${lines.join('\n')}`) return;
      shown = `${tip}\n${lines.join('\n')}`;
      tray.setToolTip(tip);
      tray.setContextMenu(
        Menu.buildFromTemplate([
          ...lines.map((label) => ({ label, enabled: false })),
          ...(lines.length > 0 ? [{ type: 'separator' as const }] : []),
          { label: word('openWindow'), click: open },
          { label: word('quitNow'), click: quit },
        ]),
      );
    },
    hide: () => {
      tray?.destroy();
      tray = null;
      shown = '';
    },
  };
}

/** 16 px, and twice as many on dense screens. */
function trayIcon(): NativeImage {
  const folder = app.isPackaged
    ? join(process.resourcesPath, 'icons')
    : join(app.getAppPath(), 'build', 'icons');
  const image = nativeImage.createFromPath(join(folder, '16x16.png'));
  const large = nativeImage.createFromPath(join(folder, '32x32.png'));
  if (!large.isEmpty()) image.addRepresentation({ scaleFactor: 2, buffer: large.toPNG() });
  return image;
}
