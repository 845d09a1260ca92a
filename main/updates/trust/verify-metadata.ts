import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Updater } from 'tuf-js';
import { metadataLimitBytes, mostRootRotations, rootLimitBytes } from '../../../contract/lifecycle/feed.ts';
import { fault, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import { detail, reason } from '../../../contract/faults/reasons.ts';
import type { MetadataSource } from '../sources/source.ts';
import { verifyRest, verifyRoots } from './diagnosis.ts';
import type { Evidence } from './diagnosis.ts';
import { limitOf } from './document.ts';
import type { Document, Role } from './document.ts';
import type { Identified } from './identify.ts';
import { openBench, writeRoots } from './saved-metadata.ts';
import { epochOf, greater, markName, markOf, marksOf } from './ratchets.ts';
import type { FeedDocuments, Marks } from './ratchets.ts';
import { Recorder, Refusal } from './recorder.ts';

type Options = { readonly known: Marks; readonly signal: AbortSignal };
const rest = ['timestamp', 'snapshot', 'targets'] as const;

/**
 * Runs tuf-js over a source and returns its documents when they are signed, complete, consistent and no older than what
 * was seen. Expiry is left to `validateDates`: a feed that is both expired and forged must be refused as forged, and
 * dates shown to the user must be signed.
 */
export async function verifyMetadata(
  source: MetadataSource,
  { publisher, saved }: Identified,
  { known, signal }: Options,
): Promise<Outcome<FeedDocuments>> {
  const bench = await openBench(publisher, saved);
  const recorder = new Recorder({ source, signal, onNewestRoot });

  /**
   * Called with the complete chain of roots: checks that none is missing and whether the saved files are still usable.
   */
  async function onNewestRoot(walked: readonly Document<'root'>[]): Promise<void> {
    const root = (walked.at(-1) ?? saved.root).signed;
    const file = `${root.version + 2}.root.json`;
    const beyond = await source.readMetadata(file, { limitBytes: limitOf('root'), signal });
    if (!beyond.ok) throw new Refusal(beyond.fault);
    if (beyond.value)
      throw new Refusal(fault('trust-root-gap', { from: root.version, to: root.version + 2 }));
    // After a change of keys, saved files must not block new ones: a stolen key may have signed very high versions.
    if (rest.some((role) => epochOf(root, role) !== epochOf(saved.root.signed, role)))
      for (const role of rest) await rm(join(bench, `${role}.json`), { force: true });
  }

  try {
    const updater = new Updater({
      metadataDir: bench,
      metadataBaseUrl: 'feed://outpost/metadata',
      fetcher: recorder,
      config: {
        maxRootRotations: mostRootRotations,
        rootMaxLength: rootLimitBytes,
        timestampMaxLength: metadataLimitBytes,
        snapshotMaxLength: metadataLimitBytes,
        targetsMaxLength: metadataLimitBytes,
      },
    });
    // At this reference time nothing is expired.
    updater['trustedSet']['referenceTime'] = new Date(0);
    const thrown = await updater.refresh().then(
      () => null,
      (error: unknown) => error as Error,
    );
    const walked = recorder.roots();
    const fetched = new Map(recorder.documents.map((each) => [each.role, each]));
    const isReused = (role: Role): boolean => thrown === null && !fetched.has(role);
    const found = Object.fromEntries(
      rest.flatMap((role) => {
        const document = fetched.get(role) ?? (isReused(role) ? saved.rest?.[role] : undefined);
        return document ? [[role, document]] : [];
      }),
    ) as Evidence['rest'];
    const evidence = {
      publisher: publisher.id,
      trusted: saved.root,
      older: saved.older,
      walked,
      rest: found,
      reused: rest.filter(isReused),
      known: greater(known, savedMarks({ publisher, saved })),
    };
    const wrongRoots = verifyRoots(evidence);
    if (!wrongRoots) await writeRoots(publisher, walked);
    const why = wrongRoots ?? verifyRest(evidence) ?? (thrown && whyThrown(thrown, recorder, source));
    if (why) return { ok: false, fault: why };
    return ok({ root: walked.at(-1) ?? saved.root, ...found } as FeedDocuments);
  } finally {
    await rm(bench, { recursive: true, force: true });
  }
}

/** The saved files count as seen too, in case both copies of the ratchets are lost. */
function savedMarks({ publisher, saved }: Identified): Marks {
  return saved.rest
    ? marksOf(publisher.id, { root: saved.root, ...saved.rest })
    : { [markName(publisher.id, 'root', saved.root.signed)]: markOf(saved.root) };
}

function whyThrown(thrown: Error, { refusal, missing }: Recorder, source: MetadataSource): Fault {
  if (refusal) return refusal;
  if (missing === 'timestamp.json')
    return fault('feed-not-found', { feed: source.name, file: `metadata/${missing}` });
  if (missing !== null) return fault('trust-target-missing', { file: missing });
  const isDisk = thrown.message.startsWith('Failed to persist');
  return isDisk
    ? fault('file-unreadable', { file: reason('metadata-of-feed'), reason: detail(thrown.message) })
    : fault('trust-malformed', { file: reason('metadata-of-feed'), reason: detail(thrown.message) });
}
