import { randomBytes } from 'node:crypto';
import { link, lstat, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Server } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BigIntStats } from 'node:fs';
import { failed, ok } from '../../../../contract/faults/faults.ts';
import type { Outcome } from '../../../../contract/faults/faults.ts';
import { detail, reason, type PlainReason, type Reason } from '../../../../contract/faults/reasons.ts';
import { kindOfFile } from '../../../lib/regular-file.ts';

/*
 * A server never listens under the file's own name: libuv removes that name when the server closes, whoever has it by then. It
 * listens under a draft name beside it, and link(2) gives it the real one, which fails where anything is there already. So
 * of two servers that start at once one wins, and a name points to a socket that accepts connections or to nothing.
 */
type SocketFile = {
  /** Path to listen on. */
  readonly draft: string;
  /** Gives the listening socket its name; again after another process listened on the draft anew. Faults: as `prepareSocketFile`. */
  publish(): Promise<Outcome<void>>;
  /** Takes the name away if it still is this server's. Call it before the server stops listening. */
  remove(): Promise<void>;
};

/** Faults: `address-in-use` (a server answers there), `bind-file-taken` (no socket), `address-unusable` (the folder, the length). */
export async function prepareSocketFile(file: string): Promise<Outcome<SocketFile>> {
  const address = `unix:${file}`;
  const draft = join(dirname(file), `.${randomBytes(4).toString('hex').slice(0, 7)}`);
  const longest = Math.max(Buffer.byteLength(draft), Buffer.byteLength(file));
  // The kernel silently truncates longer paths.
  if (longest > mostPathBytes)
    return failed('address-unusable', {
      address,
      reason: reason('socket-path-too-long', { bytes: longest - mostPathBytes }),
    });
  const there = await occupantOf(file);
  if (there.kind === 'taken') return there.why;
  let published: BigIntStats | null = null;
  let last: Promise<Outcome<void>> = Promise.resolve(ok(undefined));
  const publish = async (): Promise<Outcome<void>> => {
    try {
      const own = await lstatOrNull(draft);
      // Another listener on the same draft has published it.
      if (own === null && published !== null) return ok(undefined);
      const named = await giveName(draft, file);
      await rm(draft, { force: true });
      if (named.ok) published = own;
      return named;
    } catch (error) {
      return failed('address-unusable', { address, reason: whyNoPlace(error as NodeJS.ErrnoException) });
    }
  };
  return ok({
    draft,
    publish: () => (last = last.then(publish)),
    remove: async () => {
      try {
        await rm(draft, { force: true });
        if (published !== null && isSame(await lstatOrNull(file), published)) await rm(file, { force: true });
      } catch {
        // No longer writable: the next server removes the dead socket.
      }
    },
  });
}

/**
 * Listens at a socket file: `listen` is given the draft name to listen on. On Windows at a named pipe, which goes with its
 * process. Faults: as `prepareSocketFile`, and its own.
 */
export async function listenAtSocketFile(
  file: string,
  listen: (draft: string) => Promise<Outcome<unknown>>,
): Promise<Outcome<Listening>> {
  const address = `unix:${file}`;
  if (process.platform === 'win32') {
    const listening = await listen(file);
    return listening.ok ? ok({ address, release: async () => undefined }) : listening;
  }
  const prepared = await prepareSocketFile(file);
  if (!prepared.ok) return prepared;
  const { draft, publish, remove } = prepared.value;
  const listening = await listen(draft);
  if (!listening.ok) return listening;
  const published = await publish();
  return published.ok ? ok({ address, release: remove }) : published;
}

export type Listening = {
  /** As a client writes it, with the port that the system gave where 0 was asked for. */
  readonly address: string;
  /** Takes the name of a socket file away. Call it before the server stops listening. */
  release(): Promise<void>;
  /** What else takes connections for the server, and is to be closed with it. */
  readonly beside?: readonly Server[];
};

/** The kernel's field, less the zero at its end. */
const mostPathBytes = process.platform === 'darwin' ? 103 : 107;
const mostTries = 5;
/** Long enough for another server to notice that it moved a live socket, and to move it back. */
const settleMs = 100;

async function giveName(draft: string, file: string): Promise<Outcome<void>> {
  const own = await lstatOrNull(draft);
  const inUse = failed('address-in-use', {
    address: `unix:${file}`,
    reason: reason('other-program-listens'),
  });
  for (let tries = 0; tries < mostTries; tries += 1) {
    const error = await linkOrMove(draft, file);
    if (error === null) {
      if (tries === 0) return ok(undefined);
      await delay(settleMs);
      return isSame(await lstatOrNull(file), own) ? ok(undefined) : inUse;
    }
    if (error.code !== 'EEXIST')
      return failed('address-unusable', { address: `unix:${file}`, reason: whyNoPlace(error) });
    const there = await occupantOf(file);
    if (there.kind === 'taken') return there.why;
    if (there.kind === 'dead') await moveAway(file, there.socket);
  }
  return inUse;
}

/** Null when it is done. File systems without links get a rename, which is tried only where nothing is. */
async function linkOrMove(draft: string, file: string): Promise<NodeJS.ErrnoException | null> {
  try {
    await link(draft, file);
    return null;
  } catch (error) {
    const why = error as NodeJS.ErrnoException;
    if (why.code === 'EEXIST' || why.code === 'ENOENT') return why;
  }
  try {
    if ((await lstatOrNull(file)) !== null) return Object.assign(new Error('taken'), { code: 'EEXIST' });
    await rename(draft, file);
    return null;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}

/** Removes a dead socket; what another server put there since it was looked at is put back. */
async function moveAway(file: string, dead: BigIntStats): Promise<void> {
  const aside = join(dirname(file), `.${randomBytes(4).toString('hex').slice(0, 7)}`);
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  if (!isSame(await lstatOrNull(aside), dead)) {
    try {
      await link(aside, file);
    } catch {
      // A third server took the name: the loser notices after `settleMs`.
    }
  }
  await rm(aside, { force: true });
}

type Occupant =
  | { readonly kind: 'none' }
  | { readonly kind: 'dead'; readonly socket: BigIntStats }
  | { readonly kind: 'taken'; readonly why: Outcome<never> };

async function occupantOf(file: string): Promise<Occupant> {
  const address = `unix:${file}`;
  const taken = (why: Outcome<never>): Occupant => ({ kind: 'taken', why });
  let stats: BigIntStats | null;
  try {
    stats = await lstatOrNull(file);
    if (stats === null) {
      await lstat(dirname(file));
      return { kind: 'none' };
    }
  } catch (error) {
    return taken(failed('address-unusable', { address, reason: whyNoPlace(error as NodeJS.ErrnoException) }));
  }
  if (!stats.isSocket()) return taken(failed('bind-file-taken', { file, kind: `a ${namedKind(stats)}` }));
  const code = await connectError(file);
  // Anything but a refusal says that somebody listens: a full backlog is EAGAIN, another user's socket EACCES.
  if (code === 'ECONNREFUSED') return { kind: 'dead', socket: stats };
  if (code === 'ENOENT') return { kind: 'none' };
  return taken(failed('address-in-use', { address, reason: reason('other-program-listens') }));
}

const namedKind = (stats: BigIntStats): string => {
  const kind = kindOfFile(stats);
  return kind === 'fifo' ? 'pipe' : kind;
};

/** Null when somebody accepts connections there. */
function connectError(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(null);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'EIO'));
  });
}

async function lstatOrNull(file: string): Promise<BigIntStats | null> {
  try {
    return await lstat(file, { bigint: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

const isSame = (one: BigIntStats | null, other: BigIntStats | null): boolean =>
  one !== null && other !== null && one.ino === other.ino && one.dev === other.dev;

/** Why the system gives no place to listen on. */
export function whyNoPlace({ code = '', message }: NodeJS.ErrnoException): Reason {
  const known = reasons[code];
  return known ? reason(known) : detail(message);
}

const reasons: Readonly<Record<string, PlainReason>> = {
  EADDRINUSE: 'other-program-listens',
  EACCES: 'not-allowed',
  EPERM: 'not-allowed',
  EADDRNOTAVAIL: 'no-such-address',
  ENOENT: 'no-such-folder',
  ENOTDIR: 'part-no-folder',
  EROFS: 'folder-read-only',
  ENOTFOUND: 'no-such-name',
};
