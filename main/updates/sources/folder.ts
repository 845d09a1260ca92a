import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { isDriveLost, isMissing } from '../../../contract/faults/disk-faults.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { isMetadataFile, targetPath } from '../../../contract/lifecycle/feed.ts';
import { reason, systemReason } from '../../../contract/faults/reasons.ts';
import { hasCode } from '../../lib/error-text.ts';
import type { MetadataSource, ReadOptions, Target, TargetPlace } from './source.ts';

// A stick may contain anything: a symbolic link is refused, and opening a FIFO does not block.
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A feed in a folder, on a share or a stick. */
export async function openFolder(path: string): Promise<Outcome<MetadataSource>> {
  const folder = resolve(path);
  const name = basename(folder) || folder;
  const entry = await stat(folder).catch(() => null);
  if (!entry?.isDirectory()) return failed('feed-not-found', { feed: name, file: 'metadata' });

  async function readMetadata(
    file: string,
    { limitBytes, signal }: ReadOptions,
  ): Promise<Outcome<Buffer | null>> {
    if (signal.aborted) return failed('cancelled');
    if (!isMetadataFile(file)) return ok(null);
    return readWhole(join(folder, 'metadata', file), { file, limitBytes });
  }

  async function placeOf(target: Target): Promise<Outcome<TargetPlace>> {
    const inFeed = targetPath(target.name, target.sha256);
    if (inFeed === null)
      return failed('trust-malformed', { file: 'targets.json', reason: reason('name-not-allowed') });
    const file = join(folder, ...inFeed.split('/'));
    try {
      const handle = await open(file, flags);
      try {
        const found = await handle.stat();
        if (!found.isFile()) return failed('trust-target-missing', { file: target.name });
        if (found.size !== target.size)
          return failed('trust-digest', { file: target.name, what: reason('the-length') });
      } finally {
        await handle.close();
      }
    } catch (error) {
      return unread(error, target.name);
    }
    return ok({ kind: 'file', path: file, start: 0, size: target.size });
  }

  return ok({ kind: 'folder', name, readMetadata, placeOf, close: async () => undefined });
}

export async function readWhole(
  path: string,
  { file, limitBytes }: { readonly file: string; readonly limitBytes: number },
): Promise<Outcome<Buffer | null>> {
  const tooLarge = failed('trust-malformed', { file, reason: reason('too-large', { limit: limitBytes }) });
  try {
    const handle = await open(path, flags);
    try {
      const entry = await handle.stat();
      if (!entry.isFile()) return failed('trust-malformed', { file, reason: reason('no-file') });
      if (entry.size > limitBytes) return tooLarge;
      // The file may grow while it is read: one byte beyond the limit shows that it is too long.
      const bytes = Buffer.allocUnsafe(limitBytes + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await handle.read(bytes, length, bytes.byteLength - length, null);
        length += bytesRead;
        if (length > limitBytes) return tooLarge;
        if (bytesRead === 0) return ok(Buffer.from(bytes.subarray(0, length)));
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    return isMissing(error) ? ok(null) : unread(error, file);
  }
}

function unread(error: unknown, file: string): Outcome<never> {
  if (isMissing(error)) return failed('trust-target-missing', { file });
  if (hasCode(error, 'ELOOP')) return failed('trust-malformed', { file, reason: reason('is-link') });
  if (isDriveLost(error)) return failed('source-gone', { file });
  return failed('file-unreadable', { file, reason: systemReason(error) });
}
