import { stat } from 'node:fs/promises';
import { posix, join } from 'node:path';
import { systemCode } from '../../contract/faults/disk-faults.ts';
import { fsPath } from '../lib/file-names.ts';
import { messageOf } from '../lib/error-text.ts';
import { sha256OfFile } from '../lib/sha256.ts';
import type { Store, StoredCopy } from '../store/index.ts';
import { cardFiles } from './card-files.ts';
import type { CardEntry, CardFile } from './card-files.ts';
import { copyFile } from './copy-file.ts';
import { frameFlaw } from './frames.ts';
import { inPortions } from './portions.ts';
import { isPresent } from './present.ts';
import type { PresentCard } from './present.ts';
import type { IntakeOptions } from './types.ts';

export type Sought = {
  readonly card: PresentCard;
  readonly intake: number;
  readonly target: string;
  /** Intakes that copied this card. */
  readonly intakes: ReadonlySet<number>;
  readonly takesAll: boolean;
  /** Paths of earlier copies that were read back and verified since this intake began or was resumed. */
  readonly readBack: Set<string>;
};
/** Counts of one pass over a card. */
export type Pass = {
  files: number;
  bytes: number;
  /** Files in this copy, from this pass or earlier ones. */
  copied: number;
  /** Files copied in this pass. */
  written: number;
  /** The card was pulled during the pass. */
  isCut: boolean;
  /** Relative paths of the copy's folders, which are synced at the end. */
  readonly folders: Set<string>;
  readonly earlier: Map<string, number>;
  readonly flawed: { file: string; why: string }[];
  readonly missing: { file: string; why: string }[];
  readonly passedOver: { system: number; link: number };
};

const tries = 2;

/** Walks the card once and copies the files that no verified copy has. */
export async function copyPass(store: Store, sought: Sought, options: IntakeOptions): Promise<Pass> {
  const { card } = sought;
  const pass: Pass = {
    files: 0,
    bytes: 0,
    copied: 0,
    written: 0,
    isCut: false,
    folders: new Set(['']),
    earlier: new Map(),
    flawed: [],
    missing: [],
    passedOver: { system: 0, link: 0 },
  };
  for await (const entries of inPortions<CardEntry>(cardFiles(card.root))) {
    const files = entries.filter((entry) => entry.kind === 'file');
    const copies = await store.copiesOf(files);
    for (const entry of entries) {
      if (options.signal.aborted || pass.isCut) return pass;
      if (entry.kind === 'passed-over') pass.passedOver[entry.why] += 1;
      else if (entry.kind === 'unreadable') await miss(card, pass, entry);
      else {
        await take(entry, copies[files.indexOf(entry)] ?? []);
        options.onEvent({ kind: 'passed', files: pass.files, bytes: pass.bytes });
      }
    }
  }
  return pass;

  async function take(file: CardFile, known: readonly StoredCopy[]): Promise<void> {
    pass.files += 1;
    pass.bytes += file.sizeBytes;
    const own = known.find(({ intake }) => intake === sought.intake);
    if (own && (await isWhole(join(own.target, file.below), file))) return count(file, own.flaw);
    const earlier = sought.takesAll ? null : await readBackCopy(file, known);
    if (earlier) {
      pass.earlier.set(earlier.target, (pass.earlier.get(earlier.target) ?? 0) + 1);
      if (earlier.flaw !== null) pass.flawed.push({ file: file.below, why: earlier.flaw });
      return;
    }
    await copy(file);
  }

  function count(file: CardFile, flaw: string | null): void {
    pass.copied += 1;
    for (let at = posix.dirname(file.below); at !== '.' && !pass.folders.has(at); at = posix.dirname(at))
      pass.folders.add(at);
    if (flaw !== null) pass.flawed.push({ file: file.below, why: flaw });
  }

  async function copy(file: CardFile): Promise<void> {
    const { signal, onEvent } = options;
    let why: unknown = null;
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const onBytes = (bytes: number): void => onEvent({ kind: 'read', bytes });
      const copied = await copyFile({ card: card.root, into: sought.target }, file, { signal, onBytes });
      if (copied.kind === 'copied') {
        const flaw = frameFlaw(file, copied.file);
        const { below, sizeBytes, mtimeMs } = file;
        const { digest } = copied.file;
        store.addCopiedFile({ intake: sought.intake, below, sizeBytes, mtimeMs, digest, flaw });
        pass.written += 1;
        onEvent({ kind: 'copied', file: below, digest, flaw });
        return count(file, flaw);
      }
      why = copied.kind === 'unreadable' ? copied.error : new Error('its copy is not what was read');
      if (!(await isPresent(card))) break;
    }
    await miss(card, pass, { below: file.below, error: why });
  }

  /** An earlier copy of this file that still exists with the digest recorded then; each is read back once per intake. */
  async function readBackCopy(file: CardFile, known: readonly StoredCopy[]): Promise<StoredCopy | null> {
    for (const copied of known) {
      const isOther = copied.intake === sought.intake || !sought.intakes.has(copied.intake);
      const path = join(copied.target, file.below);
      if (isOther || !(await isWhole(path, file))) continue;
      if (sought.readBack.has(path)) return copied;
      if ((await sha256OfFile(path).catch(() => null)) !== copied.digest) continue;
      sought.readBack.add(path);
      return copied;
    }
    return null;
  }
}

const isWhole = async (path: string, { sizeBytes }: CardFile): Promise<boolean> => {
  const stats = await stat(fsPath(path)).catch(() => null);
  return stats?.isFile() === true && stats.size === sizeBytes;
};

/** Records a file as missing, or the pass as cut short if the whole card is gone. */
async function miss(
  card: PresentCard,
  pass: Pass,
  { below, error }: { readonly below: string; readonly error: unknown },
): Promise<void> {
  if (await isPresent(card)) pass.missing.push({ file: below, why: systemCode(error) ?? messageOf(error) });
  else pass.isCut = true;
}
