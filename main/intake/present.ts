import { realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fsPath } from '../lib/file-names.ts';
import { fileSystemOf } from '../lib/file-system.ts';
import { listVolumes, volumeOf } from '../lib/volumes/index.ts';
import type { Volume } from '../lib/volumes/index.ts';

const pollMs = 1_000;

/** A mounted card: its path, and what identifies it. */
export type PresentCard = {
  readonly root: string;
  /** Null for a plain folder, and for a file system without an id. */
  readonly volume: Volume | null;
  readonly device: bigint;
};

/** Null if there is no readable folder. */
export async function presentCard(root: string): Promise<PresentCard | null> {
  const device = await fileSystemOf(root);
  if (device === null) return null;
  const [found, real] = [await volumeOf(root), await realpath(fsPath(root)).catch(() => root)];
  return { root, device, volume: found?.place === String(real) ? found : null };
}

/** Whether the same file system is still mounted and responds. */
export const isPresent = async ({ root, device }: PresentCard): Promise<boolean> =>
  (await fileSystemOf(root)) === device;

/** Waits until the card is back, in the same place or another; null when the signal fires before. */
export async function untilBack(card: PresentCard, signal: AbortSignal): Promise<PresentCard | null> {
  while (!signal.aborted) {
    const found = await whereIs(card);
    if (found) return found;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

async function whereIs({ root, volume, device }: PresentCard): Promise<PresentCard | null> {
  const here = await presentCard(root);
  // A folder without a volume id is identified by its path and its device number.
  if (volume === null) return here?.device === device ? here : null;
  if (here?.volume && isSame(here.volume, volume)) return here;
  for (const other of await listVolumes()) if (isSame(other, volume)) return presentCard(other.place);
  return null;
}

const isSame = (one: Volume, other: Volume): boolean =>
  one.id === null ? other.id === null && one.place === other.place : one.id === other.id;
