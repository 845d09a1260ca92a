/** The file name of a path, with either separator. */
export const fileName = (path: string): string => path.split(/[/\\]/u).at(-1) ?? path;
