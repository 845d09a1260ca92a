import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SeenCard } from '../../contract/runs/camera-card.ts';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { fsPath } from '../lib/file-names.ts';
import { listVolumes, markVolumes } from '../lib/volumes/index.ts';
import type { Volume } from '../lib/volumes/index.ts';
import type { StoredIntake } from '../store/index.ts';
import { cardName } from './copies.ts';
import { lookAt, mostIntakes } from './earlier.ts';
import type { KnownCards } from './earlier.ts';
import { isPresent, presentCard } from './present.ts';
import type { PresentCard } from './present.ts';

const pollMs = 2_000;

/** `place`: the mount point. */
export type WatchedCard = Omit<SeenCard, 'ref' | 'copy'> & {
  readonly place: string;
  /** Id of its file system; null for a plain folder, and for a file system without one. */
  readonly volume: string | null;
  /** Folder of its unfinished copy. */
  readonly target: string | null;
};
export type CardWatch = {
  /** Mounted cards and added folders, in the order in which they appeared. */
  cards(): readonly WatchedCard[];
  /** Treats a folder as a card until it disappears. */
  add(folder: string): Promise<Outcome<WatchedCard>>;
  /** Reads all of them again: the store knows more about one, or it was moved to another reader. */
  refresh(): void;
  close(): void;
};
type CardWatchParts = {
  readonly store: KnownCards;
  /** A card appeared, disappeared, or its counts changed. */
  readonly onChange: () => void;
  readonly volumes?: () => Promise<readonly Volume[]>;
  /** A cheap fingerprint of the mounted volumes: the list is read only when it changes. */
  readonly mark?: () => Promise<string>;
  readonly pollMs?: number;
};

type Watched = {
  card: WatchedCard;
  readonly present: PresentCard;
  /** Volume id as the list of volumes reports it. */
  readonly id: string | null;
  looking: AbortController;
};

/**
 * Watches for camera cards: removable volumes with a `DCIM` folder (Design rule for Camera File system, JEITA CP-3461), and
 * volumes that were copied before. Each is read through when it appears, to count what is on it.
 */
export function createCardWatch({ store, onChange, ...parts }: CardWatchParts): CardWatch {
  const { volumes = listVolumes, mark = markVolumes } = parts;
  const watched = new Map<string, Watched>();
  const added = new Set<string>();
  let last: string | null = null;
  let isClosed = false;
  let timer: NodeJS.Timeout | null = null;

  const poll = async (): Promise<void> => {
    const now = await mark();
    if (now !== last) {
      last = now;
      await compare();
    }
    for (const place of added) if (!(await isStillThere(place))) drop(place);
    if (!isClosed) timer = setTimeout(() => void poll(), parts.pollMs ?? pollMs).unref();
  };
  const compare = async (): Promise<void> => {
    const found = (await volumes()).filter(({ isRemovable }) => isRemovable);
    const ids = new Map(found.map(({ place, id }) => [place, id]));
    // Another card in the same reader may get the same mount point and device number; the id tells them apart.
    for (const [place, { id }] of watched)
      if (!added.has(place) && !(ids.get(place) === id && (await isStillThere(place)))) drop(place);
    for (const volume of found)
      if (!isClosed && !watched.has(volume.place) && (await isCamera(volume)))
        await take(volume.place, volume);
  };
  const isStillThere = async (place: string): Promise<boolean> => {
    const known = watched.get(place);
    return known !== undefined && (await isPresent(known.present));
  };
  const isCamera = async ({ place, id }: Volume): Promise<boolean> => {
    const names = await readdir(fsPath(place)).catch(() => []);
    return (
      names.some((name) => /^dcim$/iu.test(name)) || (id !== null && (await store.intakesOf(id)).length > 0)
    );
  };
  const drop = (place: string): void => {
    watched.get(place)?.looking.abort();
    watched.delete(place);
    added.delete(place);
    onChange();
  };
  const take = async (place: string, volume?: Volume): Promise<WatchedCard | null> => {
    const present = await presentCard(place);
    if (!present) return null;
    const card: WatchedCard = {
      place,
      volume: present.volume?.id ?? null,
      name: (volume ?? present.volume)?.label ?? cardName(place),
      isVolume: volume !== undefined || present.volume !== null,
      content: { kind: 'counting', photos: 0, files: 0, bytes: 0 },
      before: null,
      begun: null,
      target: null,
    };
    const id = volume?.id ?? null;
    const entry = { card, present, id, looking: new AbortController() };
    watched.set(place, entry);
    onChange();
    void look(entry);
    return card;
  };
  const look = async (entry: Watched): Promise<void> => {
    const { present, looking } = entry;
    const set = (to: Partial<WatchedCard>): void => {
      if (looking.signal.aborted) return;
      entry.card = { ...entry.card, ...to };
      onChange();
    };
    try {
      const found = await lookAt(store, present, {
        signal: looking.signal,
        onCount: (sums) => set({ content: { kind: 'counting', ...sums } }),
      });
      const { photos, files, bytes, knownFiles: known, intakes } = found;
      const copies = (await store.intakes(mostIntakes)).filter(({ id }) => intakes.has(id));
      const [newest] = copies;
      const ended = copies.find(({ endedAt }) => endedAt !== null);
      const begun = newest && newest.endedAt === null ? newest : null;
      set({
        content: (await isPresent(present))
          ? { kind: 'counted', photos, files, bytes, known }
          : { kind: 'unreadable' },
        before: ended ? earlierCopy(ended) : null,
        begun: begun ? earlierCopy(begun) : null,
        target: begun?.target ?? null,
      });
    } catch {
      set({ content: { kind: 'unreadable' } });
    }
  };
  void poll();
  return {
    cards: () => [...watched.values()].map(({ card }) => card),
    add: async (folder) => {
      const place = resolve(folder);
      const known = watched.get(place);
      if (known) return ok(known.card);
      const card = await take(place);
      if (!card) return failed('card-not-found', { folder });
      added.add(place);
      return ok(card);
    },
    refresh: () => {
      for (const entry of watched.values()) {
        entry.looking.abort();
        entry.looking = new AbortController();
        void look(entry);
      }
    },
    close: () => {
      isClosed = true;
      if (timer) clearTimeout(timer);
      for (const { looking } of watched.values()) looking.abort();
    },
  };
}

const earlierCopy = ({ site, startedAt, endedAt, files }: StoredIntake): SeenCard['before'] => ({
  site,
  at: endedAt ?? startedAt,
  files,
});
