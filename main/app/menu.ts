import { basename } from 'node:path';
import { Menu } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuAct, ShellWord, ShellTexts } from '../../contract/menu.ts';

export type MenuParts = {
  /** Empty until the page has said them; nothing is shown by then. */
  readonly words: Partial<ShellTexts>;
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
  const { words } = parts;
  const say = (name: ShellWord): string => words[name] ?? name;
  const template: Items = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { label: say('file'), submenu: fileMenu(parts, say) },
    { label: say('edit'), submenu: editMenu(parts, say) },
    { label: say('view'), submenu: viewMenu(parts, say) },
    ...(isMac ? [{ role: 'windowMenu' } as const] : []),
    { role: 'help', label: say('help'), submenu: helpMenu(parts, say) },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

type Say = (name: ShellWord) => string;

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

function fileMenu(parts: MenuParts, say: Say): Items {
  const recent: Items = parts.recent.map((path) => ({
    label: basename(path),
    toolTip: path,
    click: () => parts.openRecent(path),
  }));
  return [
    item(parts, ['photos', say('photos')], 'CommandOrControl+O'),
    item(parts, ['folder', say('folder')], 'CommandOrControl+Shift+O'),
    {
      id: 'recent',
      label: say('recent'),
      enabled: recent.length > 0,
      submenu: [...recent, separator, { label: say('clearRecent'), click: parts.clearRecent }],
    },
    separator,
    item(parts, ['addFile', say('addFile')]),
    item(parts, ['addFolder', say('addFolder')]),
    separator,
    item(parts, ['close', say('close')], 'CommandOrControl+W'),
    separator,
    item(parts, ['settings', say('settings')], 'CommandOrControl+,'),
    separator,
    isMac
      ? { role: 'close', label: say('closeWindow'), accelerator: 'Command+Shift+W' }
      : { role: 'quit', label: say('quit'), accelerator: 'CommandOrControl+Q' },
  ];
}

function editMenu(parts: MenuParts, say: Say): Items {
  return [
    { role: 'undo', label: say('undo') },
    { role: 'redo', label: say('redo') },
    separator,
    { role: 'cut', label: say('cut') },
    { role: 'copy', label: say('copy') },
    { role: 'paste', label: say('paste') },
    { role: 'selectAll', label: say('selectAll') },
    separator,
    item(parts, ['find', say('find')], 'CommandOrControl+F'),
  ];
}

function viewMenu(parts: MenuParts, say: Say): Items {
  const places = ['try', 'models', 'monitor', 'api', 'settings'] as const;
  const view: Items = [
    ...places.map((name, at) => item(parts, [name, say(name)], `CommandOrControl+${at + 1}`)),
    separator,
    { role: 'resetZoom', label: say('resetZoom') },
    { role: 'zoomIn', label: say('zoomIn') },
    // The same key without Shift, as people press it.
    { role: 'zoomIn', accelerator: 'CommandOrControl+=', visible: false },
    { role: 'zoomOut', label: say('zoomOut') },
    separator,
    { role: 'togglefullscreen', label: say('fullScreen') },
  ];
  if (!parts.isPackaged) view.push(separator, { role: 'reload' }, { role: 'toggleDevTools' });
  return view;
}

function helpMenu(parts: MenuParts, say: Say): Items {
  return [
    item(parts, ['keys', say('keys')]),
    { label: say('dataFolder'), click: parts.openDataFolder },
    separator,
    item(parts, ['about', say('about')]),
  ];
}
