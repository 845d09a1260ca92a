import type { CallInput } from '../../contract/calls/calls.ts';
import type { RunFolderState } from '../../contract/runs/run-folders.ts';
import { client } from '../state/client.ts';
import { exporting } from '../state/exporting.ts';
import type { Message } from '../state/notices.ts';
import { places } from '../state/places.ts';
import type { ClockPhoto } from '../state/places.ts';
import { inform } from './inform.ts';
import { perform } from './perform.ts';

/** Opens the sites and clocks of a run at a folder; `photo` is one of it whose right time a person may know. */
export const openPlaces = (run: string, folder = '', photo: ClockPhoto | null = null): void =>
  places.set({ run, folder, photo, from: null });
/** The export's dialog makes room, and comes back as it was with `leavePlaces`. */
export function openPlacesFromExport(folder: string): void {
  const from = exporting.get();
  if (!from) return;
  exporting.set(null);
  places.set({ run: from.run, folder, photo: null, from: { ...from, step: { kind: 'choosing' } } });
}
export function leavePlaces(): void {
  const from = places.get()?.from;
  places.set(null);
  if (from) exporting.set(from);
}
/** The photo is one of the folder before. */
export const choosePlace = (folder: string): void =>
  places.set((now) => now && { ...now, folder, photo: now.folder === folder ? now.photo : null });

type Change = Pick<CallInput<'runs.setFolder'>, 'site' | 'latitude' | 'longitude' | 'shiftS'>;

/** Changes what holds for a folder, says so, and how it was before. False where main refused it. */
export async function changePlace(
  run: string,
  { folder, stated }: Pick<RunFolderState, 'folder' | 'stated'>,
  { message, ...change }: Change & { readonly message: Pick<Message, 'key' | 'values'> },
): Promise<boolean> {
  if (!(await set(run, folder, change))) return false;
  const before: Change = {
    ...(change.site !== undefined && { site: stated.site }),
    ...(change.latitude !== undefined && { latitude: stated.latitude, longitude: stated.longitude }),
    ...(change.shiftS !== undefined && { shiftS: stated.shiftS }),
  };
  inform({ ...message, undo: () => void set(run, folder, before) });
  return true;
}

async function set(run: string, folder: string, change: Change): Promise<boolean> {
  const after = await perform('runs.setFolder', { run, folder, ...change });
  if (!after) return false;
  client.setQueryData(['run', run, 'folders'], after);
  // Lists by site or day, their facets and exports follow from it.
  await client.invalidateQueries({ queryKey: ['run', run] });
  return true;
}
