import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { Digest } from '../../contract/ids.ts';
import type { Pointer } from '../../contract/lifecycle/lifecycle.ts';
import type { PackPart } from '../../contract/packs/pack-parts.ts';
import { isInRange } from '../../contract/packs/pack-parts.ts';
import { reason } from '../../contract/faults/reasons.ts';
import { rolesOf } from '../../contract/tasks/index.ts';
import { sha256Of } from '../lib/sha256.ts';
import type { Pack, ResolvedPart } from './types.ts';
import { compareVersions } from './versions.ts';

/** `shunned`: versions (`id@version`) that failed here or were revoked, which are not used as parts. */
type Here = {
  readonly packs: readonly Pack[];
  readonly pointers: ReadonlyMap<string, Pointer>;
  readonly shunned: ReadonlySet<string>;
};

/**
 * The packs that play the roles of a composed pack; none for a pack with its own model. Of several versions in the
 * range, the active one is preferred, then the previous one, else the newest. Faults: `pack-part-missing`, `pack-parts-unfit`.
 */
export function resolveParts(here: Here, pack: Pack): Outcome<readonly ResolvedPart[]> {
  const { manifest, ref } = pack;
  const roles = rolesOf(manifest.task);
  const resolved: ResolvedPart[] = [];
  for (const part of manifest.parts ?? []) {
    const found = choosePart(here, part);
    if (!found) return failed('pack-part-missing', { model: ref, part: part.pack, versions: part.versions });
    const circle = findCircle(here, found, [manifest.id]);
    if (circle)
      return failed('pack-parts-unfit', {
        model: ref,
        reason: reason('part-cycle', { path: circle.join(' → ') }),
      });
    const wanted = roles[part.role] ?? '';
    const { task } = found.manifest;
    if (task !== wanted)
      return failed('pack-parts-unfit', {
        model: ref,
        reason: reason('part-of-other-task', { role: part.role, wanted, pack: found.ref, task }),
      });
    resolved.push({ role: part.role, pack: found });
  }
  return ok(resolved);
}

export function choosePart(
  { packs, pointers, shunned }: Here,
  { pack, versions }: PackPart,
): Pack | undefined {
  const fitting = packs
    .filter(
      ({ ref, manifest: { id, version } }) =>
        id === pack && isInRange(version, versions) && !shunned.has(ref),
    )
    .sort((one, other) => compareVersions(other.manifest.version, one.manifest.version));
  const { active, previous } = pointers.get(pack) ?? {};
  const of = (wanted: string | null | undefined) =>
    fitting.find(({ manifest: { version } }) => version === wanted);
  return of(active) ?? of(previous) ?? fitting[0];
}

/** The ids of a dependency cycle; null for none. */
function findCircle(here: Here, { manifest }: Pack, path: readonly string[]): readonly string[] | null {
  const longer = [...path, manifest.id];
  if (path.includes(manifest.id)) return longer;
  for (const part of manifest.parts ?? []) {
    const next = choosePart(here, part);
    const circle = next && findCircle(here, next, longer);
    if (circle) return circle;
  }
  return null;
}

/** Digest of everything that decides a pack's results: its own, combined with those of its parts. */
export const wholeDigest = (pack: Pack, parts: readonly ResolvedPart[]): Digest =>
  parts.length === 0
    ? pack.digest
    : sha256Of(JSON.stringify([pack.digest, ...parts.map((part) => [part.role, part.pack.digest])]));

/** The library's state if this version were active, even if it was denied before. */
export function asIfAnswered(here: Here, { ref, manifest: { id, version } }: Pack): Here {
  const now = here.pointers.get(id);
  const previous = now && now.active !== version ? now.active : (now?.previous ?? null);
  const pointer = { seq: 0, canary: null, ...now, active: version, previous };
  return {
    ...here,
    pointers: new Map(here.pointers).set(id, pointer),
    shunned: new Set([...here.shunned].filter((each) => each !== ref)),
  };
}

/** Composed packs whose parts would change if this version became active. */
export function changedBy(here: Here, pack: Pack): readonly Pack[] {
  const then = asIfAnswered(here, pack);
  const refsOf = (now: Here, whole: Pack): string | null => {
    const parts = resolveParts(now, whole);
    return parts.ok ? parts.value.map((part) => part.pack.ref).join(' ') : null;
  };
  return here.packs.filter((whole) => {
    const refs = whole.manifest.parts ? refsOf(then, whole) : null;
    return refs !== null && refs !== refsOf(here, whole);
  });
}

/** Installed packs that use this one as a part, so that it must not be removed. */
export function usersOf(here: Here, pack: Pack): readonly Pack[] {
  return here.packs.filter((whole) => {
    const parts = resolveParts(here, whole);
    return parts.ok && parts.value.some((part) => part.pack.ref === pack.ref);
  });
}
