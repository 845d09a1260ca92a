import { Menu } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';

export type MenuActions = {
  readonly choose: (kind: 'photos' | 'folder') => void;
  readonly isPackaged: boolean;
};

/** On Linux and Windows no bar is shown: the menu is there for its keys. */
export function setMenu({ choose, isPackaged }: MenuActions): void {
  const isMac = process.platform === 'darwin';
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    // The same key without Shift, as people press it.
    { role: 'zoomIn', accelerator: 'CommandOrControl+=', visible: false },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
  if (!isPackaged) view.push({ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' });
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: 'File',
      submenu: [
        { label: 'Choose photos…', accelerator: 'CommandOrControl+O', click: () => choose('photos') },
        { label: 'Choose a folder…', accelerator: 'CommandOrControl+Shift+O', click: () => choose('folder') },
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit', accelerator: 'CommandOrControl+Q' },
      ],
    },
    { role: 'editMenu' },
    { label: 'View', submenu: view },
    ...(isMac ? [{ role: 'windowMenu' } as const] : []),
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
