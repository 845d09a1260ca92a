import {
  blockmapTargetName,
  parseTargetName,
  TargetCustom,
  targetName,
} from '../../../contract/lifecycle/feed.ts';
import type { AppTarget, FeedNotes, PackTarget } from '../../../contract/lifecycle/feed.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason, type Reason } from '../../../contract/faults/reasons.ts';
import type { Target } from '../sources/source.ts';
import type { Document } from '../trust/document.ts';

/** `sha512` in hexadecimal; null when the metadata has none. */
export type ListedTarget = Target & { readonly sha512: string | null };
/** A pack listed in verified targets metadata. */
export type ListedPack = {
  readonly pack: PackTarget;
  readonly target: ListedTarget;
  readonly blockmap: ListedTarget | null;
};
type ListedApp = {
  readonly app: AppTarget;
  readonly target: ListedTarget & { readonly sha512: string };
};
export type Listed = {
  readonly packs: readonly ListedPack[];
  readonly apps: readonly ListedApp[];
  readonly notes: FeedNotes;
};

/**
 * Parses the targets. A name that contradicts its description, or is not in the strict form, makes the whole document
 * malformed.
 */
export function listTargets(document: Document<'targets'>): Outcome<Listed> {
  const { targets, 'x-outpost': notes } = document.signed;
  const malformed = (why: Reason): Outcome<never> =>
    failed('trust-malformed', { file: document.file, reason: why });
  const all = new Map<string, ListedTarget>();
  const packs: { pack: PackTarget; target: ListedTarget }[] = [];
  const apps: ListedApp[] = [];
  for (const [name, described] of Object.entries(targets)) {
    const rawCustom = (described.custom as { outpost?: unknown } | undefined)?.outpost;
    if (isOfLater(rawCustom)) continue;
    if (!parseTargetName(name))
      return malformed(reason('target-name-not-allowed', { name: printable(name) }));
    const { sha256, sha512 = null } = described.hashes as {
      readonly sha256: string;
      readonly sha512?: unknown;
    };
    if (sha512 !== null && (typeof sha512 !== 'string' || !/^[0-9a-f]{128}$/u.test(sha512)))
      return malformed(reason('target-sha512-none', { name: printable(name) }));
    const target = { name, size: described.length, sha256, sha512 };
    const custom = TargetCustom.safeParse(rawCustom);
    if (!custom.success) return malformed(reason('target-not-as-must-be', { name: printable(name) }));
    const { data } = custom;
    if (name !== targetName(data))
      return malformed(reason('target-described-otherwise', { name: printable(name) }));
    all.set(name, target);
    if (data.kind === 'pack') packs.push({ pack: data, target });
    if (data.kind === 'app') {
      if (sha512 === null) return malformed(reason('target-lacks-sha512', { name: printable(name) }));
      apps.push({ app: data, target: { ...target, sha512 } });
    }
  }
  const withBlockmap = packs.map((each) => ({
    ...each,
    blockmap: all.get(blockmapTargetName(each.target.name)) ?? null,
  }));
  return ok({ packs: withBlockmap, apps, notes });
}

/** A kind of target that only a later Outpost knows: ignored. */
function isOfLater(rawCustom: unknown): boolean {
  const kind = (rawCustom as { kind?: unknown } | null | undefined)?.kind;
  return typeof kind === 'string' && !['pack', 'blockmap', 'app'].includes(kind);
}

const printable = (name: string): string => JSON.stringify(name.slice(0, 120));
