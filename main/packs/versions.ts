/** Semver precedence: below zero when `one` is older than `other`. Build metadata is ignored. */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [split(one), split(other)];
  return compareSteps(left.numbers, right.numbers) || comparePrerelease(left.prerelease, right.prerelease);
}

export function isPrerelease(version: string): boolean {
  return split(version).prerelease.length > 0;
}

type Parts = { readonly numbers: readonly string[]; readonly prerelease: readonly string[] };

function split(version: string): Parts {
  const [core = ''] = version.split('+', 1);
  const dash = core.indexOf('-');
  if (dash < 0) return { numbers: core.split('.'), prerelease: [] };
  return { numbers: core.slice(0, dash).split('.'), prerelease: core.slice(dash + 1).split('.') };
}

/** A release is newer than its prereleases. */
function comparePrerelease(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0 || other.length === 0) return other.length - one.length;
  return compareSteps(one, other);
}

function compareSteps(one: readonly string[], other: readonly string[]): number {
  for (const [index, step] of one.entries()) {
    const against = other[index];
    if (against === undefined) return 1;
    const order = compareStep(step, against);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

/** Numbers by value and before words, words by code unit. Numbers may exceed the range of a double. */
function compareStep(one: string, other: string): number {
  const [isNumber, againstNumber] = [/^\d+$/u.test(one), /^\d+$/u.test(other)];
  if (isNumber && againstNumber) {
    const [value, against] = [BigInt(one), BigInt(other)];
    return value < against ? -1 : Number(value > against);
  }
  if (isNumber !== againstNumber) return isNumber ? -1 : 1;
  return one < other ? -1 : Number(one > other);
}
