import { readdir } from 'node:fs/promises';
import type { Metadata, Root } from '@tufjs/models';
import { fault } from '../../contract/faults/faults.ts';
import type { Fault } from '../../contract/faults/faults.ts';
import { clientReason } from '../../contract/faults/reasons.ts';
import { verifySignatures } from './verify-signatures.ts';
import { inFeed, metadataFolder, rootName } from './layout.ts';
import { readMetadata } from './metadata-file.ts';
import { readRootNotes } from './notes.ts';

type RootChain = { readonly roots: readonly Metadata<Root>[]; readonly faults: readonly Fault[] };

/** Every root from the first on; each must be signed as the one before it and as it itself demands. */
export async function readRoots(feed: string): Promise<RootChain> {
  const newest = await newestRoot(feed);
  if (newest === 0) return { roots: [], faults: [fault('feed-not-found', { feed, file: rootName(1) })] };
  const roots: Metadata<Root>[] = [];
  const faults: Fault[] = [];
  for (let version = 1; version <= newest; version += 1) {
    const file = rootName(version);
    const read = await readMetadata(feed, file, 'root');
    if (!read.ok) {
      const isGap = read.fault.code === 'trust-target-missing';
      faults.push(isGap ? fault('trust-root-gap', { from: version - 1, to: newest }) : read.fault);
      break;
    }
    const { metadata } = read.value;
    faults.push(...verifyRoot(metadata, { file, version, before: roots }));
    roots.push(metadata);
  }
  return { roots, faults };
}

type Place = {
  readonly file: string;
  readonly version: number;
  readonly before: readonly Metadata<Root>[];
};

function verifyRoot(metadata: Metadata<Root>, { file, version, before }: Place): readonly Fault[] {
  const root = metadata.signed;
  const earlier = before.map((each) => each.signed);
  const previous = earlier.at(-1);
  const seen = { file, role: 'root' } as const;
  const verdicts = [
    previous ? verifySignatures(metadata, seen, { root: previous, earlier: earlier.slice(0, -1) }) : null,
    verifySignatures(metadata, seen, { root, earlier }),
    root.version === version ? null : malformed(file, `it says that it is version ${root.version}`),
    readRootNotes(root).success ? null : malformed(file, 'it does not name its publisher'),
    root.consistentSnapshot ? null : malformed(file, 'it is not for consistent snapshots'),
  ].filter((each) => each !== null);
  // The old and the new keys may say the same of one missing signature.
  return verdicts.filter((each, at) => verdicts.findIndex(({ code }) => code === each.code) === at);
}

async function newestRoot(feed: string): Promise<number> {
  const names = await readdir(inFeed(feed, metadataFolder)).catch(() => []);
  const versions = names.map((name) => Number(/^([1-9]\d{0,8})\.root\.json$/u.exec(name)?.[1] ?? 0));
  return Math.max(0, ...versions);
}

const malformed = (file: string, reason: string): Fault =>
  fault('trust-malformed', { file, reason: clientReason(reason) });
