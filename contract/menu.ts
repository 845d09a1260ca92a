import { z } from 'zod';

/** What the menu bar and the keys of the window do; the page does it, whoever asked. */
export const menuActs = [
  'photos',
  'folder',
  'addFile',
  'addFolder',
  'close',
  'find',
  'try',
  'models',
  'monitor',
  'api',
  'settings',
  'keys',
  'about',
] as const;
export const MenuAct = z.enum(menuActs);
export type MenuAct = z.infer<typeof MenuAct>;

/** Words that main shows outside the page, in the page's language: of the menu bar, of dialogs and of notifications. */
export const ShellWords = z.record(z.string().max(40), z.string().max(200));
export type ShellWords = z.infer<typeof ShellWords>;

/** Where the person was and how they looked at answers; kept with the window's bounds. `threshold` is a score from 0 to 1. */
export const WindowLook = z.strictObject({
  view: z.enum(['try', 'models', 'monitor', 'api', 'settings']),
  threshold: z.number().min(0).max(1),
});
export type WindowLook = z.infer<typeof WindowLook>;
