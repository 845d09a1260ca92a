import { randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, chmod, chown, mkdtemp, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { syncFolder } from './durable.ts';

/** A file that is written piece by piece. Every call rejects as `node:fs` does. */
export type Output = {
  /** False once a pipe's reader has gone: nobody takes anything any more. */
  write(piece: string | Uint8Array): Promise<boolean>;
  /** Makes what was written the file's content. Where that fails halfway, `draftOf` the error is where the whole lies. */
  keep(): Promise<void>;
  /** Leaves a regular file as it was. What a pipe or device was given cannot be taken back. */
  discard(): Promise<void>;
};
/** For who writes by a path: a regular file to fill, which `keep` makes the output. It lies where there is room for it. */
export type Draft = Pick<Output, 'keep' | 'discard'> & { readonly file: string };
export type OutputOptions = { readonly signal?: AbortSignal };

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
/** `folder` was made for it, and goes with it; null where it lies in a folder of the person's. */
type DraftFile = { readonly file: string; readonly folder: string | null };

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

/** The whole content at once. */
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
  // What a shell opened already goes on where it stands, `>>` included.
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

/** Where a link that leads to nothing yet would make a file. */
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
  // Two containers on one volume may have the same process id. Cut, since a long name leaves no room for more.
  const draft = join(
    dirname(target),
    `.${basename(target).slice(0, 48)}.${randomUUID().slice(0, 8)}.${process.pid}.partial`,
  );
  await (await open(draft, 'w', 0o666)).close();
  return { file: draft, folder: null };
}

async function draftElsewhere(target: string): Promise<DraftFile> {
  const folder = await mkdtemp(join(tmpdir(), 'outpost-out-'));
  const draft = join(folder, basename(target).slice(0, 48));
  await (await open(draft, 'wx', 0o600)).close();
  return { file: draft, folder };
}

/** Gives the draft the mode and owner of the file that it will replace; false where that is not allowed. */
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
    return;
  }
  try {
    const handle = await open(target, 'r+');
    try {
      await handle.truncate(await copyInto(draft.file, handle));
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // The target may be half of each by now, so the draft is the only whole copy there is.
    leftBehind.add(draft.file);
    throw Object.assign(error as Error, { draft: draft.file });
  }
  await forget(draft);
}

/** Drafts that outlive their output. */
const leftBehind = new Set<string>();

/** Where the whole content lies when `keep` rejected with this; null when nothing was left behind. */
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

async function forget({ file, folder }: DraftFile): Promise<void> {
  if (leftBehind.has(file)) return;
  await rm(file, { force: true });
  if (folder !== null) await rm(folder, { recursive: true, force: true });
}

const readerPollMs = 50;

/** A pipe is opened when somebody reads it: waiting inside the system could not be interrupted. */
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
