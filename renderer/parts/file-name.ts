/** The last step of a path of any system. */
export const fileName = (path: string): string => path.split(/[/\\]/u).at(-1) ?? path;
