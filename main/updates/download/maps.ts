import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import { blockmapSize, buildBlockmap, parseBlockmap } from '../../packs/index.ts';
import type { Blockmap } from '../../packs/index.ts';
import type { DeltaBasis } from '../types.ts';
import type { MoveTarget } from './types.ts';
import { getBytes } from './get-bytes.ts';
import type { BytesRequest } from './get-bytes.ts';

const mostMapBytes = 16 * 1024 ** 2;
type MapAsk = Pick<BytesRequest, 'executor' | 'feed' | 'stallMs' | 'signal'>;

/** Downloads a blockmap and verifies it against its signed length and digest before parsing. */
export async function fetchMap(target: MoveTarget, ask: MapAsk): Promise<Outcome<Blockmap>> {
  const { name: file, size, sha256, place } = target;
  if (size > mostMapBytes) return failed('trust-malformed', { file, reason: reason('too-large-map') });
  const bytes = place.kind === 'url' ? await overWire(target, ask) : await fromFile(target);
  if (!bytes.ok) return bytes;
  if (createHash('sha256').update(bytes.value).digest('hex') !== sha256)
    return failed('trust-digest', { file, what: reason('name', { name: 'SHA-256' }) });
  return parseBlockmap(bytes.value, file);
}

/** The blockmap of the local base: the feed's if it matches the file, else computed. */
export async function mapOfBasis(
  basis: DeltaBasis,
  { fromFeed, signal }: { readonly fromFeed: Blockmap | null; readonly signal: AbortSignal },
): Promise<Blockmap | null> {
  const entry = await stat(basis.file).catch(() => null);
  if (!entry?.isFile()) return null;
  if (fromFeed && blockmapSize(fromFeed) === entry.size) return fromFeed;
  return buildBlockmap(basis.file, { signal }).catch(() => null);
}

async function overWire({ name, size, place }: MoveTarget, ask: MapAsk): Promise<Outcome<Buffer>> {
  if (place.kind !== 'url') throw new Error('not on the wire');
  const pieces: Buffer[] = [];
  const got = await getBytes({
    ...ask,
    url: place.url,
    file: name,
    range: null,
    size,
    take: async (piece) => {
      pieces.push(piece);
      return ok(undefined);
    },
  });
  return got.ok ? ok(Buffer.concat(pieces)) : got;
}

async function fromFile({ name, place }: MoveTarget): Promise<Outcome<Buffer>> {
  if (place.kind !== 'file') throw new Error('not in a file');
  const handle = await open(place.path, 'r').catch(() => null);
  if (!handle) return failed('source-gone', { file: name });
  try {
    const bytes = Buffer.alloc(place.size);
    const { bytesRead } = await handle.read(bytes, 0, place.size, place.start);
    return bytesRead === place.size ? ok(bytes) : failed('source-gone', { file: name });
  } catch {
    return failed('source-gone', { file: name });
  } finally {
    await handle.close();
  }
}
