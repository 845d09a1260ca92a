import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { fault, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { blockmapTargetName } from '../../contract/lifecycle/feed.ts';
import { openDraft } from '../lib/output-file.ts';
import { diskFault } from './disk-fault.ts';
import { inFeed, rootName, snapshotName, targetFileName, targetsName, timestampName } from './layout.ts';
import { readFeed } from './state.ts';
import type { FeedState, Target } from './state.ts';
import { findPack, isRevoked, packsOf, unknownModel } from './targets.ts';
import { expired, verifyTarget } from './verify.ts';

type BundleOptions = {
  readonly feed: string;
  readonly file: string;
  /** `id` for its newest version on each channel, `id@version` for that one; none: the newest of every model. */
  readonly models?: readonly string[];
  readonly appVersion: string;
  readonly now?: Date;
};
export type Bundled = {
  readonly models: readonly string[];
  readonly size: number;
  /** Of the metadata: the day after which a device asks for consent. */
  readonly expires: string;
};

/**
 * The feed in one file for a stick: all roots, the metadata and the chosen targets, each proved as it is taken. Stored,
 * in one order and with one date: the same feed gives the same bytes.
 */
export async function writeBundle(options: BundleOptions): Promise<Outcome<Bundled>> {
  const { feed, file, now = new Date() } = options;
  const read = await readFeed(feed);
  if (!read.ok) return read;
  const state = read.value;
  const [late] = expired(state, now);
  if (late) return { ok: false, fault: late };
  const chosen = choose(state, options.models ?? []);
  if (!chosen.ok) return chosen;
  for (const target of chosen.value) {
    const [wrong] = await verifyTarget(state, target, options);
    if (wrong) return { ok: false, fault: wrong };
  }
  const names = [
    ...state.roots.map((_, at) => rootName(at + 1)),
    timestampName,
    snapshotName(state.snapshot.version),
    targetsName(state.targets.version),
    ...chosen.value.map(({ path, sha256 }) => targetFileName(path, sha256)),
  ];
  const written = await writeStored(feed, names, file);
  if (!written.ok) return written;
  const dates = [state.root, state.targets, state.snapshot, state.timestamp].map(({ expires }) => expires);
  return ok({
    models: chosen.value.flatMap(({ custom }) =>
      custom.kind === 'pack' ? [`${custom.id}@${custom.version}`] : [],
    ),
    size: written.value,
    expires: dates.reduce((one, other) => (Date.parse(other) < Date.parse(one) ? other : one)),
  });
}

/** What a device could be offered: the newest on each channel, and what it may go back to. */
function choose(state: FeedState, models: readonly string[]): Outcome<readonly Target[]> {
  const named = models.filter((model) => model.includes('@'));
  const plain = models.filter((model) => !model.includes('@'));
  const ids = models.length === 0 ? [...new Set(packsOf(state).map(({ custom }) => custom.id))] : plain;
  const paths = new Set<string>();
  for (const id of ids) {
    const sound = packsOf(state, id).filter(({ custom }) => !isRevoked(state.notes, custom));
    if (sound.length === 0 && models.length > 0) return unknownModel(state, id);
    for (const channel of new Set(sound.flatMap(({ custom }) => custom.channels)))
      paths.add(sound.find(({ custom }) => custom.channels.includes(channel))!.path);
    for (const { custom, path } of sound)
      if (state.notes.allowRollbackTo.some((each) => each.id === id && each.version === custom.version))
        paths.add(path);
  }
  for (const model of named) {
    const found = findPack(state, model);
    if (!found.ok) return found;
    paths.add(found.value.path);
  }
  if (paths.size === 0)
    return {
      ok: false,
      fault: fault('usage', { reason: 'The feed has no model to bundle.', command: 'feed add' }),
    };
  const wanted = [...paths].flatMap((path) => [path, blockmapTargetName(path)]).sort();
  return ok(wanted.flatMap((path) => state.files.get(path) ?? []));
}

async function writeStored(feed: string, names: readonly string[], file: string): Promise<Outcome<number>> {
  const zip = new ZipFile();
  const options = {
    // In local time because that is what ZIP keeps; not the very first day, which yazl knows only in the zone it began in.
    mtime: new Date(1980, 0, 2),
    mode: 0o100644,
    compress: false,
    forceDosTimestamp: true,
  };
  const output = zip.outputStream as Readable;
  zip.on('error', (error) => output.destroy(error as Error));
  for (const name of names) zip.addFile(inFeed(feed, name), name, options);
  zip.end();
  const draft = await openDraft(file).catch((error: unknown) => diskFault(error, file));
  if ('ok' in draft) return draft;
  try {
    const sink = createWriteStream(draft.file, { flush: true });
    await pipeline(output, sink);
    await draft.keep();
    return ok(sink.bytesWritten);
  } catch (error) {
    await draft.discard();
    return diskFault(error, file);
  }
}
