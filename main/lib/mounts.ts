/** One line of Linux' `/proc/<pid>/mountinfo`: `id parent major:minor root place options [tags…] - type source superoptions`. */
export type Mount = {
  /** The folder of the mounted file system that is seen there. */
  readonly root: string;
  /** Where it is seen. */
  readonly place: string;
  /** As in `ext4`, `nfs4` or `cgroup2`. */
  readonly type: string;
  readonly superOptions: readonly string[];
};

/** The mounts in such a list; lines that are none are left out. */
export function parseMounts(mountinfo: string): readonly Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ', 2);
    const [, , , root, place] = before.split(' ');
    const [type = '', , superOptions = ''] = after.split(' ');
    if (root === undefined || place === undefined || type === '') return [];
    return [{ root: unescaped(root), place: unescaped(place), type, superOptions: superOptions.split(',') }];
  });
}

/** Spaces and the like are written as `\040`. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/gu, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8)));
