import { z } from 'zod';

/** What the menu bar and the keys of the window do; the page does it, whoever asked. */
const menuActs = [
  'photos',
  'folder',
  'addFile',
  'addFolder',
  'close',
  'find',
  'try',
  'runs',
  'models',
  'monitor',
  'api',
  'settings',
  'keys',
  'about',
] as const;
export const MenuAct = z.enum(menuActs);
export type MenuAct = z.infer<typeof MenuAct>;

export const shellWordNames = [
  // The language that the words are in, by its tag.
  'locale',
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
  'runs',
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
  'runEmpty',
  'runUnread',
  'runFailed',
  'runPaused',
  'quitTitle',
  'quitText',
  'quitNow',
  'quitStay',
  'quitHide',
  'hideText',
  'openWindow',
  'cardCopied',
  'cardKept',
  'cardAway',
  'cardFailed',
] as const;
/** Words that main shows outside the page, in the page's language: of the menu bar, of dialogs and of notifications. All of them. */
export const ShellTexts = z.record(z.enum(shellWordNames), z.string().max(200));
export type ShellTexts = z.infer<typeof ShellTexts>;
export type ShellWord = (typeof shellWordNames)[number];

/** Where the person was and how they looked at answers; kept with the window's bounds. `threshold` is a score from 0 to 1. */
export const WindowLook = z.strictObject({
  view: z.enum(['try', 'runs', 'models', 'monitor', 'api', 'settings']),
  threshold: z.number().min(0).max(1),
});
export type WindowLook = z.infer<typeof WindowLook>;
