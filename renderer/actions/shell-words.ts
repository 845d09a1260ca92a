import { ask } from '../bridge.ts';

const names = [
  'file',
  'edit',
  'view',
  'help',
  'photos',
  'folder',
  'recent',
  'clearRecent',
  'addFile',
  'addFolder',
  'close',
  'closeWindow',
  'settings',
  'quit',
  'undo',
  'redo',
  'cut',
  'copy',
  'paste',
  'selectAll',
  'find',
  'try',
  'models',
  'monitor',
  'api',
  'resetZoom',
  'zoomIn',
  'zoomOut',
  'fullScreen',
  'keys',
  'dataFolder',
  'about',
  'answered',
  'notRead',
  'runDone',
  'runFailed',
] as const;

/** Gives main the words that it shows: it has none of its own. */
export function sayOutside(t: (key: string) => string, language: string): void {
  const words = Object.fromEntries(names.map((name) => [name, t(`menu.${name}`)]));
  void ask('app.words', { ...words, locale: language });
}
