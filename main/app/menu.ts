import { basename } from 'node:path';
import { Menu } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuAct, ShellWord, ShellTexts } from '../../contract/calls/menu.ts';

type MenuParts = {
  /** Empty until the page has sent them; no window is shown before. */
  readonly texts: Partial<ShellTexts>;
  readonly recent: readonly string[];
  readonly act: (act: MenuAct) => void;
  readonly openRecent: (path: string) => void;
  readonly clearRecent: () => void;
  readonly openDataFolder: () => void;
  readonly isPackaged: boolean;
};
type Items = MenuItemConstructorOptions[];

const isMac = process.platform === 'darwin';
const separator = { type: 'separator' } as const;

/** On Linux and Windows the bar is hidden until Alt is pressed. */
export function setMenu(parts: MenuParts): void {
  const { texts } = parts;
  const textOf = (name: ShellWord): string => texts[name] ?? name;
  const template: Items = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { label: textOf('file'), submenu: fileMenu(parts, textOf) },
    { label: textOf('edit'), submenu: editMenu(parts, textOf) },
    { label: textOf('view'), submenu: viewMenu(parts, textOf) },
    ...(isMac ? [{ role: 'windowMenu' } as const] : []),
    { role: 'help', label: textOf('help'), submenu: helpMenu(parts, textOf) },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

type TextOf = (name: ShellWord) => string;

/**
 * An item whose key the page answers itself: the menu shows the key and does not listen for it, or it would be answered twice.
 * On a Mac the system gives a key to the menu only where the page left it.
 */
function item({ act }: Pick<MenuParts, 'act'>, [name, label]: readonly [MenuAct, string], key?: string) {
  return {
    id: name,
    label,
    ...(key !== undefined && { accelerator: key, registerAccelerator: false }),
    click: () => act(name),
  } satisfies MenuItemConstructorOptions;
}

function fileMenu(parts: MenuParts, textOf: TextOf): Items {
  const recent: Items = parts.recent.map((path) => ({
    label: basename(path),
    toolTip: path,
    click: () => parts.openRecent(path),
  }));
  return [
    item(parts, ['photos', textOf('photos')], 'CommandOrControl+O'),
    item(parts, ['folder', textOf('folder')], 'CommandOrControl+Shift+O'),
    {
      id: 'recent',
      label: textOf('recent'),
      enabled: recent.length > 0,
      submenu: [...recent, separator, { label: textOf('clearRecent'), click: parts.clearRecent }],
    },
    separator,
    item(parts, ['addFile', textOf('addFile')]),
    item(parts, ['addFolder', textOf('addFolder')]),
    separator,
    item(parts, ['close', textOf('close')], 'CommandOrControl+W'),
    separator,
    item(parts, ['settings', textOf('settings')], 'CommandOrControl+,'),
    separator,
    isMac
      ? { role: 'close', label: textOf('closeWindow'), accelerator: 'Command+Shift+W' }
      : { role: 'quit', label: textOf('quit'), accelerator: 'CommandOrControl+Q' },
  ];
}

function editMenu(parts: MenuParts, textOf: TextOf): Items {
  return [
    { role: 'undo', label: textOf('undo') },
    { role: 'redo', label: textOf('redo') },
    separator,
    { role: 'cut', label: textOf('cut') },
    { role: 'copy', label: textOf('copy') },
    { role: 'paste', label: textOf('paste') },
    { role: 'selectAll', label: textOf('selectAll') },
    separator,
    item(parts, ['find', textOf('find')], 'CommandOrControl+F'),
  ];
}

function viewMenu(parts: MenuParts, textOf: TextOf): Items {
  const places = ['try', 'runs', 'models', 'monitor', 'api', 'settings'] as const;
  const view: Items = [
    ...places.map((name, at) => item(parts, [name, textOf(name)], `CommandOrControl+${at + 1}`)),
    separator,
    { role: 'resetZoom', label: textOf('resetZoom') },
    { role: 'zoomIn', label: textOf('zoomIn') },
    // The same key without Shift, as people press it.
    { role: 'zoomIn', accelerator: 'CommandOrControl+=', visible: false },
    { role: 'zoomOut', label: textOf('zoomOut') },
    separator,
    { role: 'togglefullscreen', label: textOf('fullScreen') },
  ];
  if (!parts.isPackaged) view.push(separator, { role: 'reload' }, { role: 'toggleDevTools' });
  return view;
}

function helpMenu(parts: MenuParts, textOf: TextOf): Items {
  return [
    item(parts, ['keys', textOf('keys')]),
    { label: textOf('dataFolder'), click: parts.openDataFolder },
    separator,
    item(parts, ['about', textOf('about')]),
  ];
}
