import { mostDragged } from '../../contract/runs/run.ts';
import type { PickedItems } from '../../contract/runs/run.ts';
import { ask } from '../bridge.ts';
import { draggingOut, fileMenu, pickedMenu } from '../state/file-menu.ts';
import type { FileMenuFor } from '../state/file-menu.ts';
import { inform } from './inform.ts';
import { perform } from './perform.ts';

type Asking = Pick<MouseEvent, 'button' | 'clientX' | 'clientY' | 'preventDefault' | 'stopPropagation'>;

/** Opens the menu of a file where the pointer is, or over its element when a key asked (Shift+F10, the menu key). */
export function openFileMenu(
  event: Asking,
  over: Element | null,
  menu: Omit<FileMenuFor, 'x' | 'y' | 'from'>,
): void {
  fileMenu.set({ ...menu, ...placeOf(event, over) });
}

/** The same for all selected photos of a run's list. */
export const openPickedMenu = (event: Asking, over: Element | null, run: string): void =>
  pickedMenu.set({ run, ...placeOf(event, over) });

function placeOf(event: Asking, over: Element | null): Pick<FileMenuFor, 'x' | 'y' | 'from'> {
  event.preventDefault();
  event.stopPropagation();
  const from = document.activeElement;
  const box = event.button === 2 ? undefined : over?.getBoundingClientRect();
  return box
    ? { x: box.left + Math.min(box.width / 2, 64), y: box.top + Math.min(box.height / 2, 64), from }
    : { x: event.clientX, y: event.clientY, from };
}

export const closeFileMenu = (): void => fileMenu.set(null);
export const closePickedMenu = (): void => pickedMenu.set(null);

export const revealFile = (ref: string): Promise<unknown> => perform('files.reveal', { ref });
export const openFile = (ref: string): Promise<unknown> => perform('files.open', { ref });
export const copyPath = (ref: string): Promise<unknown> => perform('files.copyPath', { ref });

/** Hands a file, or the selected photos of a run, to the system's drag, in place of the picture that the page would give. */
export function dragOut(
  event: Pick<DragEvent, 'preventDefault'>,
  what: { readonly ref: string } | PickedItems,
): void {
  event.preventDefault();
  if ('items' in what && what.items.length > mostDragged)
    return inform({ key: 'run.tooManyDragged', values: {} });
  draggingOut.set(true);
  void ('ref' in what ? ask('files.drag', what) : ask('runs.drag', what));
}

export const copyPaths = (picked: PickedItems): Promise<unknown> => perform('runs.copyPaths', picked);
