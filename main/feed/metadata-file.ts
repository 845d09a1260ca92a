import { readFile, stat } from 'node:fs/promises';
import { Metadata, MetadataKind } from '@tufjs/models';
import type { Root, Snapshot, Targets, Timestamp } from '@tufjs/models';
import { metadataLimitBytes, rootLimitBytes } from '../../contract/lifecycle/feed.ts';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { clientReason, detail } from '../../contract/faults/reasons.ts';
import { inFeed } from './layout.ts';
import type { RoleName } from './sign.ts';

export type Read<R extends RoleName> = {
  readonly file: string;
  readonly bytes: Buffer;
  readonly metadata: Metadata<Kinds[R]>;
};
type Kinds = {
  readonly root: Root;
  readonly targets: Targets;
  readonly snapshot: Snapshot;
  readonly timestamp: Timestamp;
};

/** One metadata file as it lies in the feed, not yet judged. */
export async function readMetadata<R extends RoleName>(
  feed: string,
  file: string,
  role: R,
): Promise<Outcome<Read<R>>> {
  const path = inFeed(feed, file);
  const limit = role === 'root' ? rootLimitBytes : metadataLimitBytes;
  try {
    const { size } = await stat(path);
    if (size > limit)
      return failed('trust-malformed', {
        file,
        reason: clientReason(`it has ${size} bytes; at most ${limit} are read`),
      });
    const bytes = await readFile(path);
    return ok({ file, bytes, metadata: parse(role, JSON.parse(bytes.toString('utf8')) as Json) });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT'
      ? failed('trust-target-missing', { file })
      : failed('trust-malformed', { file, reason: detail(message.replaceAll('\n', ' ')) });
  }
}

type Json = Parameters<typeof Metadata.fromJSON>[1];

function parse<R extends RoleName>(role: R, json: Json): Metadata<Kinds[R]> {
  // The library tells kinds apart by overloads; the role decides which one it is.
  const made: { readonly [Role in RoleName]: () => Metadata<Kinds[Role]> } = {
    root: () => Metadata.fromJSON(MetadataKind.Root, json),
    targets: () => Metadata.fromJSON(MetadataKind.Targets, json),
    snapshot: () => Metadata.fromJSON(MetadataKind.Snapshot, json),
    timestamp: () => Metadata.fromJSON(MetadataKind.Timestamp, json),
  };
  return made[role]();
}
