import { constants, createReadStream } from 'node:fs';
import { access, chmod, chown, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { syncFolder } from './durable.ts';
import { copyingName, nextPartial, sweepCopying, wholeName } from './partials.ts';
import { NoScratchError, openScratch } from './scratch.ts';
import type { ScratchFolder } from './scratch.ts';

/** A file that is written in pieces. Every method rejects with the error of `node:fs`. */
export type Output = {
  /** False once the reader of a pipe has closed it: nothing more can be written. */
  write(piece: string | Uint8Array): Promise<boolean>;
  /** Commits what was written. When that fails half-way, `draftOf(error)` is the file with the complete content. */
  keep(): Promise<void>;
  /** Leaves a regular file as it was. What was written to a pipe or device cannot be taken back. */
  discard(): Promise<void>;
};
/**
 * For writers that need a path: a regular file to fill, which `keep` turns into the output. It is created where there
 * is room for it.
 */
export type Draft = Pick<Output, 'keep' | 'discard'> & { readonly file: string };
type OutputOptions = { readonly signal?: AbortSignal };

/*
 *   a regular file, or none      draft beside it, fsync, rename: whole or not there; mode and owner stay
 *   a link                       the file that it leads to, as above
 *   in a folder that may not be  draft elsewhere, copied into the file at the end: its place, owner and other names
 *   written, of another owner,   stay what they are
 *   or with several names
 *   pipe, device, /dev/fd/N      written into
 */
type Place =
  | { readonly kind: 'stream'; readonly flags: number; readonly isPipe: boolean }
  | { readonly kind: 'replace' | 'copy'; readonly target: string; readonly draft: DraftFile };
/** `folder` was created for the draft and is deleted with it, after a kill too; null when the draft is in a folder of the user's. */
type DraftFile = {
  readonly file: string;
  readonly folder: ScratchFolder | null;
  /** It stays although writing the output failed: the file itself may be half old and half new. */
  isLeft?: boolean;
};

export async function openOutput(file: string, { signal }: OutputOptions = {}): Promise<Output> {
  const place = await placeOf(file);
  const handle =
    place.kind === 'stream' ? await openStream(file, place, signal) : await open(place.draft.file, 'r+');
  const close = (): Promise<void> => handle.close().catch(() => undefined);
  return {
    write: async (piece) => {
      try {
        await handle.writeFile(piece);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EPIPE') return false;
        throw error;
      }
    },
    keep: async () => {
      if (place.kind !== 'stream') await handle.sync();
      await handle.close();
      if (place.kind !== 'stream') await publish(place);
    },
    discard: async () => {
      await close();
      if (place.kind !== 'stream') await forget(place.draft);
    },
  };
}

export async function openDraft(file: string, { signal }: OutputOptions = {}): Promise<Draft> {
  const place = await placeOf(file);
  if (place.kind !== 'stream')
    return { file: place.draft.file, keep: () => publish(place), discard: () => forget(place.draft) };
  const draft = await draftElsewhere(file);
  return {
    file: draft.file,
    keep: async () => {
      const handle = await openStream(file, place, signal);
      try {
        await copyInto(draft.file, handle);
      } finally {
        await handle.close();
        await forget(draft);
      }
    },
    discard: () => forget(draft),
  };
}

/** Writes the whole content at once. */
export async function writeOutput(file: string, content: string | Uint8Array): Promise<void> {
  const output = await openOutput(file);
  try {
    await output.write(content);
    await output.keep();
  } catch (error) {
    await output.discard();
    throw error;
  }
}

async function placeOf(file: string): Promise<Place> {
  const before = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (before?.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
  if (before && !before.isFile())
    return { kind: 'stream', flags: constants.O_WRONLY, isPipe: before.isFIFO() };
  // A descriptor that a shell opened is written to at its current position, `>>` included.
  if (before && /^\/(?:dev\/(?:fd\/|stdout$|stderr$)|proc\/[^/]+\/fd\/)/u.test(file))
    return { kind: 'stream', flags: constants.O_WRONLY | constants.O_APPEND, isPipe: false };
  const target = before ? await realpath(file) : await endOfLinks(file);
  if (before) await access(target, constants.W_OK);
  if (before && before.nlink > 1) return { kind: 'copy', target, draft: await draftElsewhere(target) };
  try {
    const draft = await draftBeside(target);
    return { kind: before && !(await becomes(draft.file, before)) ? 'copy' : 'replace', target, draft };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!before || !['EACCES', 'EPERM', 'EROFS'].includes(code)) throw error;
    return { kind: 'copy', target, draft: await draftElsewhere(target) };
  }
}

/** The path that opening a dangling symbolic link would create. */
async function endOfLinks(file: string): Promise<string> {
  let at = file;
  for (let step = 0; step < 40; step += 1) {
    const next = await readlink(at).catch(() => null);
    if (next === null) return at;
    at = isAbsolute(next) ? next : join(dirname(at), next);
  }
  throw Object.assign(new Error('its links lead round in a circle'), { code: 'ELOOP' });
}

async function draftBeside(target: string): Promise<DraftFile> {
  const draft = await nextPartial(target);
  await (await open(draft, 'w', 0o666)).close();
  return { file: draft, folder: null };
}

async function draftElsewhere(target: string): Promise<DraftFile> {
  const folder = await openScratch('out').catch((error: unknown) => {
    throw error instanceof NoScratchError ? error.cause : error;
  });
  const draft = join(folder.path, basename(target).slice(0, 48));
  await (await open(draft, 'wx', 0o600)).close();
  return { file: draft, folder };
}

/** Gives the draft the mode and owner of the file that it will replace; false when that is not permitted. */
async function becomes(draft: string, before: Stats): Promise<boolean> {
  const now = await stat(draft);
  try {
    if (now.uid !== before.uid || now.gid !== before.gid) await chown(draft, before.uid, before.gid);
    await chmod(draft, before.mode & 0o7777);
    return true;
  } catch {
    return false;
  }
}

async function publish({ kind, target, draft }: Exclude<Place, { kind: 'stream' }>): Promise<void> {
  if (kind === 'replace') {
    try {
      await rename(draft.file, target);
      await syncFolder(dirname(target));
    } finally {
      await forget(draft);
    }
    return sweepCopying(target);
  }
  const copying = draft.folder ? draft : await renamed(draft, copyingName(draft.file));
  try {
    const handle = await open(target, 'r+');
    try {
      await handle.truncate(await copyInto(copying.file, handle));
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // The target may be half old and half new by now, so the draft is the only complete copy.
    const file = await setAside(copying).catch(() => copying.file);
    throw Object.assign(error as Error, { draft: file });
  }
  await forget(copying);
  await sweepCopying(target);
}

async function renamed({ file, folder }: DraftFile, to: string): Promise<DraftFile> {
  await rename(file, to);
  return { file: to, folder };
}

/** Keeps it where nothing deletes it: neither a later output nor the next start. */
async function setAside(draft: DraftFile): Promise<string> {
  draft.isLeft = true;
  if (draft.folder === null) return (await renamed(draft, wholeName(draft.file))).file;
  await draft.folder.leave();
  return draft.file;
}

/** The file with the complete content when `keep` rejected with this error; null when there is none. */
export function draftOf(error: unknown): string | null {
  const { draft } = error as { readonly draft?: unknown };
  return typeof draft === 'string' ? draft : null;
}

async function copyInto(draft: string, handle: FileHandle): Promise<number> {
  let size = 0;
  for await (const piece of createReadStream(draft, { highWaterMark: 1024 ** 2 })) {
    await handle.writeFile(piece as Buffer);
    size += (piece as Buffer).byteLength;
  }
  return size;
}

async function forget({ file, folder, isLeft = false }: DraftFile): Promise<void> {
  if (isLeft) return;
  await rm(file, { force: true });
  await folder?.close();
}

const readerPollMs = 50;

/** Opens a pipe without blocking until it has a reader: a blocking open could not be aborted. */
async function openStream(
  file: string,
  { flags, isPipe }: Extract<Place, { kind: 'stream' }>,
  signal: AbortSignal | undefined,
): Promise<FileHandle> {
  while (isPipe) {
    const handle = await open(file, flags | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENXIO') return null;
      throw error;
    });
    if (handle) {
      const blocking = await open(file, flags);
      await handle.close();
      return blocking;
    }
    await sleep(readerPollMs, undefined, { signal });
  }
  return open(file, flags);
}
