import { isDiskFull, writeFault } from '../../../contract/faults/disk-faults.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { FeedDates, UpdateSource } from '../../../contract/lifecycle/update.ts';
import { hasCode } from '../../lib/error-text.ts';
import { compareVersions } from '../../packs/index.ts';
import type { OnHere, UpdatesPorts } from '../types.ts';
import { listTargets } from '../offers/listed.ts';
import type { Listed } from '../offers/listed.ts';
import { openSource } from '../sources/open-source.ts';
import type { Executor } from '../http-get.ts';
import type { MetadataSource } from '../sources/source.ts';
import { datesSeen, validateDates } from './dates.ts';
import { identify } from './identify.ts';
import { writeSaved } from './saved-metadata.ts';
import { listPublishers } from './publisher.ts';
import type { Publisher } from './publisher.ts';
import { epochOf, marksOf } from './ratchets.ts';
import type { FeedDocuments, Marks } from './ratchets.ts';
import { verifyMetadata } from './verify-metadata.ts';

type VerifyRequest = {
  readonly source: UpdateSource;
  readonly installed: OnHere['installed'];
  readonly consentExpired: boolean;
  readonly signal: AbortSignal;
};
/** A feed that is authentic, complete and no older than what was seen. */
export type VerifiedFeed = {
  readonly name: string;
  readonly publisher: Publisher;
  readonly documents: FeedDocuments;
  readonly dates: FeedDates;
  readonly listed: Listed;
  readonly highest: (model: string) => string | null;
};

export type Verifier = {
  readonly ports: UpdatesPorts;
  /** Serialises verifications, since two would write the same files. */
  readonly inTurn: <T>(task: () => Promise<T>) => Promise<T>;
};

/**
 * Reads and verifies a feed, then calls `onSound` while the source is open. Ratchets are raised and metadata is saved
 * only when all of it was valid.
 */
export async function withVerifiedFeed<T>(
  { ports, inTurn }: Verifier,
  request: VerifyRequest,
  onSound: (verified: VerifiedFeed, source: MetadataSource) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const opened = await openSource(request.source, ports.httpExecutor as Executor);
  if (!opened.ok) return opened;
  const source = opened.value;
  try {
    const verified = await inTurn(() => verifySource(ports, request, source));
    return verified.ok ? await onSound(verified.value, source) : verified;
  } catch (error) {
    return diskFault(error, ports.trustFolder);
  } finally {
    await source.close();
  }
}

async function verifySource(
  ports: UpdatesPorts,
  { source: { kind }, installed, consentExpired, signal }: VerifyRequest,
  source: MetadataSource,
): Promise<Outcome<VerifiedFeed>> {
  const publishers = await listPublishers(ports);
  const identified = await identify(source, publishers, { signal });
  if (!identified.ok) return identified;
  const { publisher } = identified.value;
  const known = await ports.ratchets.read();
  const verified = await verifyMetadata(source, identified.value, { known, signal });
  if (!verified.ok) return verified;
  const documents = verified.value;
  const now = ports.now();
  const isConsented = consentExpired && kind !== 'http';
  const dates = validateDates(documents, { publisher: publisher.id, now, known, isConsented });
  if (!dates.ok) return dates;
  const listed = listTargets(documents.targets);
  if (!listed.ok) return listed;
  if (signal.aborted) return failed('cancelled');

  const prefix = `${publisher.id}/model/${epochOf(documents.root.signed, 'targets')}/`;
  const raised = await ports.ratchets.raise({
    ...marksOf(publisher.id, documents),
    ...datesSeen(publisher.id, now, dates.value),
    ...modelMarks(prefix, listed.value, installed),
  });
  if (!raised.ok) return raised;
  await writeSaved(publisher, documents);
  const highest = (model: string): string | null => highestOf(known, `${prefix}${model}@`);
  return ok({ name: source.name, publisher, documents, dates: dates.value, listed: listed.value, highest });
}

/** Ratchets for installed versions that this publisher lists with the same content. */
function modelMarks(prefix: string, { packs }: Listed, installed: OnHere['installed']): Marks {
  const isInstalled = ({ pack }: Listed['packs'][number]): boolean =>
    installed.some(
      ({ model, version, digest }) => model === pack.id && version === pack.version && digest === pack.digest,
    );
  return Object.fromEntries(
    packs.filter(isInstalled).map(({ pack }) => [`${prefix}${pack.id}@${pack.version}`, 1]),
  );
}

function highestOf(known: Marks, prefix: string): string | null {
  return (
    Object.keys(known)
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .toSorted(compareVersions)
      .at(-1) ?? null
  );
}

/** A trust folder that cannot be written is an expected failure; other errors are bugs and rethrown. */
function diskFault(error: unknown, folder: string): Outcome<never> {
  const isExpected = isDiskFull(error) || hasCode(error, 'EROFS', 'EACCES', 'EPERM', 'EIO');
  if (!isExpected) throw error;
  return { ok: false, fault: writeFault(error, folder) };
}
