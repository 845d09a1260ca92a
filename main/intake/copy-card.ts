import { mkdir, readdir, realpath, rmdir, stat, statfs } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { placeFault, systemCode, writeFault } from '../../contract/faults/disk-faults.ts';
import { failed, fault, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { Receipt } from '../../contract/runs/receipt.ts';
import { syncFolder } from '../lib/durable.ts';
import { fsPath } from '../lib/file-names.ts';
import { makeFolders } from '../lib/make-folders.ts';
import type { Store } from '../store/index.ts';
import { copyPass } from './copy-pass.ts';
import type { Pass } from './copy-pass.ts';
import { holdUnfinished, lookAt } from './earlier.ts';
import type { Look } from './earlier.ts';
import { holdCopy } from './hold-copy.ts';
import type { ReleaseCopy } from './hold-copy.ts';
import { isPresent, presentCard, untilBack } from './present.ts';
import type { PresentCard } from './present.ts';
import { receiptFiles, receiptOf, writeReceipt } from './receipt.ts';
import { copyName } from './site-name.ts';
import type { IntakeOptions, IntakeRequest } from './types.ts';

export type IntakeParts = {
  readonly store: Store;
  readonly appVersion: string;
  readonly now: () => Date;
};
type Begun = {
  readonly id: number;
  readonly target: string;
  readonly startedAt: string;
  readonly look: Look;
  /** A folder of its own is expected to have something in it at the end. */
  readonly hasOwn: boolean;
  readonly release: ReleaseCopy;
};

/** While another program writes to the card each pass finds new files; after so many the receipt says so. */
const mostPasses = 3;

/** A card of which nothing was copied, as all that can be read is in earlier copies, gets no folder and no receipt of its own: `copy` is the earlier one that has most of it. */
export async function copyCard(
  parts: IntakeParts,
  request: IntakeRequest,
  options: IntakeOptions,
): Promise<Outcome<Receipt>> {
  const card = await presentCard(resolve(request.card));
  if (!card) return failed('card-not-found', { folder: request.card });
  const into = resolve(request.into);
  try {
    await makeFolders(into);
  } catch (error) {
    return { ok: false, fault: placeFault(error, into) };
  }
  try {
    if (await isOnCard(card, into)) return failed('copy-on-card', { folder: into });
    const begun = await begin(parts, card, { ...request, into, signal: options.signal });
    if (!begun.ok) return begun;
    const { files, bytes, knownFiles, knownBytes } = begun.value.look;
    const target = begun.value.hasOwn ? begun.value.target : null;
    try {
      options.onEvent({ kind: 'looked', target, files, bytes, knownFiles, knownBytes });
      return await copyAll(parts, { card, request, begun: begun.value }, options);
    } finally {
      await begun.value.release();
    }
  } catch (error) {
    if (options.signal.aborted) return failed('cancelled');
    // Without a system error code it is a bug, not a failure of the disk.
    if (systemCode(error) === undefined) throw error;
    return { ok: false, fault: writeFault(error, into) };
  }
}

/** A copy on the card itself would be lost when it is formatted. */
async function isOnCard({ root, volume, device }: PresentCard, into: string): Promise<boolean> {
  const [own, other] = [String(await realpath(fsPath(root))), String(await realpath(fsPath(into)))];
  if (other === own || other.startsWith(own.endsWith(sep) ? own : `${own}${sep}`)) return true;
  return volume !== null && (await stat(fsPath(into), { bigint: true })).dev === device;
}

/** Resumes an unfinished copy of this card, or begins one if the target has room for it. */
async function begin(
  { store, now }: IntakeParts,
  card: PresentCard,
  { into, site, takesAll, signal }: IntakeRequest & Pick<IntakeOptions, 'signal'>,
): Promise<Outcome<Begun>> {
  const seen = await lookAt(store, card, { signal });
  if (seen.files === 0)
    return failed((await isPresent(card)) ? 'card-empty' : 'card-not-found', { folder: card.root });
  const found = await statfs(fsPath(into));
  const freeBytes = Number(found.bavail) * Number(found.bsize);
  const { id: volume = null, label = null } = card.volume ?? {};
  const held = await holdUnfinished(store, seen, { into, site, volume });
  const look = takesAll && !held ? { ...seen, knownFiles: 0, knownBytes: 0 } : seen;
  const neededBytes = look.bytes - look.knownBytes;
  if (neededBytes > freeBytes) {
    await held?.release();
    return failed('no-room-for-card', {
      folder: into,
      needed: megabytes(neededBytes),
      free: megabytes(freeBytes),
    });
  }
  if (held) {
    const { id, target, startedAt } = held.intake;
    return ok({ id, target, startedAt, look, hasOwn: true, release: held.release });
  }
  const startedAt = now().toISOString();
  const target = await makeFolder(join(into, copyName(startedAt.slice(0, 10), site, label)));
  // Before anybody can read of it in the store.
  const release = await holdCopy(store, target);
  const id = release ? await store.beginIntake({ volume, label, target, site, startedAt }) : 0;
  const hasOwn = look.knownFiles < look.files;
  if (release && id !== 0) return ok({ id, target, startedAt, look, hasOwn, release });
  await release?.();
  await rmdir(fsPath(target));
  return failed('disk-full', { file: store.state().file });
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 1024 ** 2);

/** Makes a folder of this name, or with a number behind it where something has it: each of two copies that begin at once gets its own. */
async function makeFolder(wanted: string): Promise<string> {
  for (let at = 1; ; at += 1) {
    const name = at === 1 ? wanted : `${wanted} ${at}`;
    const receipts = await Promise.all(
      Object.values(receiptFiles(name)).map((path) =>
        stat(fsPath(path)).then(
          () => true,
          () => false,
        ),
      ),
    );
    if (receipts.includes(true)) continue;
    try {
      await mkdir(fsPath(name));
      return name;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}

type Copying = { readonly card: PresentCard; readonly request: IntakeRequest; readonly begun: Begun };

/** Repeats passes over the card until one finds nothing left to copy; waits while the card is pulled. */
async function copyAll(
  parts: IntakeParts,
  { card: first, request, begun }: Copying,
  options: IntakeOptions,
): Promise<Outcome<Receipt>> {
  const { store, appVersion, now } = parts;
  const { signal, onEvent } = options;
  const readBack = new Set<string>();
  let card = first;
  let pass: Pass | null = null;
  for (let passes = 0; passes < mostPasses;) {
    const { id: intake, target, look } = begun;
    const takesAll = request.takesAll === true;
    const sought = { card, intake, target, takesAll, intakes: look.intakes, readBack };
    pass = await copyPass(store, sought, options);
    if (signal.aborted) return failed('cancelled');
    if (pass.isCut || !(await isPresent(card))) {
      onEvent({ kind: 'gone', fault: fault('card-gone', { folder: card.root }) });
      const back = await untilBack(card, signal);
      if (!back) return failed('cancelled');
      card = back;
      onEvent({ kind: 'back', card: card.root });
      continue;
    }
    passes += 1;
    if (pass.written === 0) break;
  }
  if (!pass) return failed('cancelled');
  const { written, ...sums } = pass;
  const alreadyCopied = [...sums.earlier].map(([copy, files]) => ({ copy, files }));
  await store.flush();
  const isNothing = sums.copied === 0 && (await removeFolders(begun.target));
  const endedAt = now().toISOString();
  const receipt = receiptOf({
    appVersion,
    card: { volume: card.volume?.id ?? null, label: card.volume?.label ?? null, place: card.root },
    site: request.site,
    copy: isNothing ? (mostOf(alreadyCopied) ?? begun.target) : begun.target,
    startedAt: begun.startedAt,
    endedAt,
    files: sums.files,
    bytes: sums.bytes,
    copied: sums.copied,
    alreadyCopied,
    flawed: sums.flawed,
    missing: sums.missing,
    passedOver: sums.passedOver,
    isStillWritten: written > 0,
  });
  if (isNothing) {
    await store.forgetIntake(begun.id);
    return ok(receipt);
  }
  for (const folder of sums.folders) await syncFolder(join(begun.target, folder));
  await syncFolder(join(begun.target, '..'));
  await writeReceipt(store, receipt, begun.id);
  await store.endIntake(begun.id, endedAt);
  return ok(receipt);
}

/** The earlier copy that has most of the card. */
const mostOf = (earlier: Receipt['alreadyCopied']): string | undefined =>
  earlier.toSorted((one, other) => other.files - one.files)[0]?.copy;

/** Removes a folder with those in it; false, and all of it stays, where there is a file. */
async function removeFolders(folder: string): Promise<boolean> {
  const entries = await readdir(fsPath(folder), { recursive: true, withFileTypes: true });
  if (entries.some((entry) => !entry.isDirectory())) return false;
  const folders = entries.map(({ parentPath, name }) => join(parentPath, name));
  // Those within before those around them.
  for (const each of folders.toSorted((one, other) => other.length - one.length)) await rmdir(each);
  await rmdir(fsPath(folder));
  return true;
}
