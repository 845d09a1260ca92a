import { failed, ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import type { Digest } from '../../contract/ids.ts';
import type { Pointer } from '../../contract/lifecycle.ts';
import type { PackPart } from '../../contract/pack-parts.ts';
import { isInRange } from '../../contract/pack-parts.ts';
import { reason } from '../../contract/reasons.ts';
import { rolesOf } from '../../contract/tasks/index.ts';
import { sha256Of } from '../lib/sha256.ts';
import type { Pack, ResolvedPart } from './types.ts';
import { compareVersions } from './versions.ts';

/** `shunned` (`id@version`) failed here or were taken back: such a version is nobody's part. */
type Here = {
  readonly packs: readonly Pack[];
  readonly pointers: ReadonlyMap<string, Pointer>;
  readonly shunned: ReadonlySet<string>;
};

/**
 * The packs that play the roles of this one; none for a pack with a model of its own. Of several versions in the range the
 * one that answers as a model of its own comes first, else the newest. Faults: `pack-part-missing`, `pack-parts-unfit`.
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
  const active = pointers.get(pack)?.active;
  return fitting.find(({ manifest: { version } }) => version === active) ?? fitting[0];
}

/** Ids from the first pack on until one comes again; null where none does. */
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

/** Stands for everything that decides a pack's answers: its own digest, or of one that is made of others that and theirs. */
export const wholeDigest = (pack: Pack, parts: readonly ResolvedPart[]): Digest =>
  parts.length === 0
    ? pack.digest
    : sha256Of(JSON.stringify([pack.digest, ...parts.map((part) => [part.role, part.pack.digest])]));

/** Packs here that have this one as a part now, so that it has to stay. */
export function usersOf(here: Here, pack: Pack): readonly Pack[] {
  return here.packs.filter((whole) => {
    const parts = resolveParts(here, whole);
    return parts.ok && parts.value.some((part) => part.pack.ref === pack.ref);
  });
}
