/**
 * One line of Linux' `/proc/<pid>/mountinfo`: `id parent major:minor root mount-point options [tags…] - type source
 * superoptions`.
 */
export type Mount = {
  /** The device by its numbers, `major:minor`. */
  readonly device: string;
  /** The device by its path; of file systems without one any word. */
  readonly source: string;
  /** The folder of the mounted file system that is visible at the mount point. */
  readonly root: string;
  /** The mount point. */
  readonly place: string;
  /** File system type, such as `ext4`, `nfs4` or `cgroup2`. */
  readonly type: string;
  readonly superOptions: readonly string[];
};

/** Parses the list; malformed lines are skipped. */
export function parseMounts(mountinfo: string): readonly Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ', 2);
    const [, , device = '', root, place] = before.split(' ');
    const [type = '', source = '', superOptions = ''] = after.split(' ');
    if (root === undefined || place === undefined || type === '') return [];
    return [
      {
        device,
        source: unescaped(source),
        root: unescaped(root),
        place: unescaped(place),
        type,
        superOptions: superOptions.split(','),
      },
    ];
  });
}

/** Decodes octal escapes such as `\040` for a space. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/gu, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8)));
