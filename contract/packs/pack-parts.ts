import { z } from 'zod';
import { PackId } from '../ids.ts';
import { reason, reasonAt, type Reason } from '../faults/reasons.ts';

/**
 * One comparator of a range: `^1.2.0` is from there to before 2.0.0, `~1.2.0` to before 1.3.0; without an operator,
 * exactly this version.
 */
const comparison = String.raw`(?:\^|~|>=|<=|>|<|=)?(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)`;

/** A version range in npm's syntax: comparators with full versions, all of which must hold. */
export const VersionRange = z
  .string()
  .regex(new RegExp(`^${comparison}(?: ${comparison}){0,3}$`, 'u'))
  .max(120);

/** Another pack that this one is composed of, with its role. */
export const PackPart = z.strictObject({
  role: z.string().regex(/^[a-z]+(?:-[a-z]+)*$/u),
  pack: PackId,
  versions: VersionRange,
});
export type PackPart = z.infer<typeof PackPart>;

type Triple = readonly [number, number, number];
/** From `from` up to but not including `before`; versions as triples of integers. */
type Span = { readonly from: Triple; readonly before: Triple };
const endless: Triple = [Infinity, 0, 0];
const nothing: Triple = [0, 0, 0];

/** Whether a release is in the range. A prerelease never is: it must be requested explicitly. */
export function isInRange(version: string, range: string): boolean {
  const [core = '', ...suffix] = version.split('+', 1)[0]!.split('-');
  if (suffix.length > 0) return false;
  const triple = tripleOf(core);
  return spansOf(range).every(({ from, before }) => isFrom(triple, from) && !isFrom(triple, before));
}

/** Whether no version can be in the range, as in `>=2.0.0 <1.0.0`. */
export function isEmptyRange(range: string): boolean {
  const spans = spansOf(range);
  const from = spans.reduce<Triple>((most, span) => (isFrom(span.from, most) ? span.from : most), nothing);
  const before = spans.reduce<Triple>(
    (least, span) => (isFrom(span.before, least) ? least : span.before),
    endless,
  );
  return isFrom(from, before);
}

function spansOf(range: string): readonly Span[] {
  return range.split(' ').map((text) => {
    const [, sign = '', core = ''] = /^(\^|~|>=|<=|>|<|=)?(.*)$/u.exec(text) ?? [];
    const triple = tripleOf(core);
    const [major, minor, patch] = triple;
    const next: Triple = [major, minor, patch + 1];
    switch (sign) {
      case '^':
        return { from: triple, before: major > 0 ? [major + 1, 0, 0] : minor > 0 ? [0, minor + 1, 0] : next };
      case '~':
        return { from: triple, before: [major, minor + 1, 0] };
      case '>=':
        return { from: triple, before: endless };
      case '>':
        return { from: next, before: endless };
      case '<=':
        return { from: nothing, before: next };
      case '<':
        return { from: nothing, before: triple };
      default:
        return { from: triple, before: next };
    }
  });
}

const tripleOf = (core: string): Triple => {
  const [major = 0, minor = 0, patch = 0] = core.split('.').map(Number);
  return [major, minor, patch];
};

function isFrom(one: Triple, other: Triple): boolean {
  for (const [at, number] of one.entries()) if (number !== other[at]) return number > other[at]!;
  return true;
}

type Composed = {
  readonly id: string;
  readonly task: string;
  readonly parts?: readonly PackPart[] | undefined;
  readonly opset?: number | undefined;
  readonly outputs: readonly unknown[];
  readonly variants: readonly { readonly name: string; readonly file?: string | undefined }[];
};

/** Contradictions between a manifest's parts and its own model; `roles`: those of its task. */
export function findUnfitParts(manifest: Composed, roles: readonly string[]): readonly Reason[] {
  const { id, task, parts = [], variants, outputs, opset } = manifest;
  if (roles.length === 0)
    return [
      ...(parts.length > 0 ? [reasonAt('parts', reason('parts-not-taken', { task }))] : []),
      ...variants.flatMap(({ file, name }, at) =>
        file === undefined ? [reasonAt(`variants.${at}`, reason('variant-without-file', { name }))] : [],
      ),
      ...(outputs.length === 0 ? [reasonAt('outputs', reason('is-empty'))] : []),
      ...(opset === undefined ? [reasonAt('opset', reason('is-missing'))] : []),
    ];
  return [
    ...roles
      .filter((role) => !parts.some((part) => part.role === role))
      .map((role) => reasonAt('parts', reason('part-role-missing', { task, role }))),
    ...parts.flatMap(({ role, pack, versions }, at) => {
      const place = `parts.${at}`;
      return [
        ...(roles.includes(role)
          ? []
          : [
              reasonAt(`${place}.role`, reason('part-role-unknown', { task, role, roles: roles.join(', ') })),
            ]),
        ...(parts.findIndex((each) => each.role === role) < at
          ? [reasonAt(`${place}.role`, reason('there-twice', { name: role }))]
          : []),
        ...(pack === id ? [reasonAt(`${place}.pack`, reason('part-cycle', { path: `${id} → ${id}` }))] : []),
        ...(isEmptyRange(versions)
          ? [reasonAt(`${place}.versions`, reason('range-empty', { range: versions }))]
          : []),
      ];
    }),
    ...variants.flatMap(({ file, name }, at) =>
      file === undefined ? [] : [reasonAt(`variants.${at}.file`, reason('variant-with-file', { name }))],
    ),
  ];
}
