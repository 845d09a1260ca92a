import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAnyPictureName } from '../../contract/pictures/pictures.ts';
import { fsPath } from '../lib/file-names.ts';
import { inPortions } from './portions.ts';
import { cardFiles } from './card-files.ts';
import type { CardFile } from './card-files.ts';
import type { Store, StoredCopy, StoredIntake } from '../store/index.ts';
import type { PresentCard } from './present.ts';
import { holdCopy } from './hold-copy.ts';
import type { ReleaseCopy } from './hold-copy.ts';

/** Totals of a card, and which earlier intakes copied this same card. */
export type Look = {
  readonly files: number;
  /** Counted by file name. */
  readonly photos: number;
  readonly bytes: number;
  /** Ids of the intakes that copied this card. */
  readonly intakes: ReadonlySet<number>;
  readonly knownFiles: number;
  readonly knownBytes: number;
};

/** The store's queries about cards. */
export type KnownCards = Pick<Store, 'copiesOf' | 'intakes' | 'intakesOf'>;
type LookOptions = {
  /** Rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onCount?: (sums: Pick<Look, 'files' | 'photos' | 'bytes'>) => void;
};

/** Only the newest intakes are compared: many years of cards. */
export const mostIntakes = 5_000;

/** A file of the card, with the stored copies of equal name, size and time. */
export type KnownFile = { readonly file: CardFile; readonly copies: readonly StoredCopy[] };

/** The files of a card in order of their names, each with its stored copies. */
export async function* knownFiles(store: KnownCards, root: string): AsyncGenerator<KnownFile> {
  for await (const portion of inPortions(filesOnly(root))) {
    const copies = await store.copiesOf(portion);
    for (const [at, file] of portion.entries()) yield { file, copies: copies[at] ?? [] };
  }
}

async function* filesOnly(root: string): AsyncGenerator<CardFile> {
  for await (const entry of cardFiles(root)) if (entry.kind === 'file') yield entry;
}

/**
 * Counts a card and finds its earlier intakes. An intake is of this card when the volume id is the same, or, for cards
 * whose id cannot be read, when at least half of the card's files are in the intake by name, size and time, or half of the
 * intake's files are on the card.
 */
export async function lookAt(
  store: KnownCards,
  { root, volume }: PresentCard,
  { signal, onCount = () => undefined }: LookOptions,
): Promise<Look> {
  /** Files by the intakes that have them. */
  const groups = new Map<string, Group>();
  let [files, photos, bytes] = [0, 0, 0];
  for await (const { file, copies } of knownFiles(store, root)) {
    signal.throwIfAborted();
    files += 1;
    if (isAnyPictureName(file.below)) photos += 1;
    bytes += file.sizeBytes;
    onCount({ files, photos, bytes });
    if (copies.length === 0) continue;
    const ids = copies.map(({ intake }) => intake);
    const group = groups.get(ids.join()) ?? { ids, files: 0, bytes: 0 };
    groups.set(ids.join(), { ids, files: group.files + 1, bytes: group.bytes + file.sizeBytes });
  }
  const ofVolume = volume?.id ? await store.intakesOf(volume.id) : [];
  const sizes = new Map((await store.intakes(mostIntakes)).map((each) => [each.id, each.files]));
  const filesOf = new Map<number, number>();
  for (const group of groups.values())
    for (const id of group.ids) filesOf.set(id, (filesOf.get(id) ?? 0) + group.files);
  const byContent = [...filesOf].filter(([id, many]) => many * 2 >= Math.min(files, sizes.get(id) ?? files));
  const intakes = new Set([...ofVolume.map(({ id }) => id), ...byContent.map(([id]) => id)]);
  // A card that is not formatted in between is in several copies, each with what was new.
  const known = [...groups.values()].filter(({ ids }) => ids.some((id) => intakes.has(id)));
  return {
    files,
    photos,
    bytes,
    intakes,
    knownFiles: known.reduce((sum, group) => sum + group.files, 0),
    knownBytes: known.reduce((sum, group) => sum + group.bytes, 0),
  };
}

type Group = { readonly ids: readonly number[]; readonly files: number; readonly bytes: number };

/**
 * The copy of this card that was begun and never ended, below this folder and of this site, and is held from now on; null where there is
 * none, or somebody copies into it. One that holds nothing yet is taken for one of this card where it may be.
 */
export async function holdUnfinished(
  store: Store,
  { intakes }: Look,
  wanted: { readonly into: string; readonly site: string | null; readonly volume: string | null },
): Promise<{ readonly intake: StoredIntake; readonly release: ReleaseCopy } | null> {
  for (const intake of await store.intakes(mostIntakes)) {
    const isWanted =
      (intakes.has(intake.id) || (intake.files === 0 && intake.volume === wanted.volume)) &&
      intake.endedAt === null &&
      intake.site === wanted.site &&
      join(intake.target, '..') === wanted.into;
    if (!isWanted || !(await isFolder(intake.target))) continue;
    const release = await holdCopy(store, intake.target);
    if (!release) continue;
    // Who held it until now may have ended it.
    const now = (await store.intakes(mostIntakes)).find(({ id }) => id === intake.id);
    if (now?.endedAt === null) return { intake, release };
    await release();
  }
  return null;
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(fsPath(path)).catch(() => null))?.isDirectory() === true;
