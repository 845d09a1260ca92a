import { AppTarget } from '../../../contract/feed.ts';
import { PackId, Version } from '../../../contract/ids.ts';
import type { Target } from './source.ts';

/* Names that a feed says are taken apart and put together again here; no other text of a feed becomes part of a path. */

/** What a target's name says: the folder it lies in and its file, without the hash. */
export type TargetName = { readonly folder: string; readonly file: string };

/** Null for a name that is not exactly one that Outpost itself would have written. */
export function parseTargetName(name: string): TargetName | null {
  const [folder, file, ...rest] = name.split('/');
  if (folder === undefined || file === undefined || rest.length > 0) return null;
  const isKnown = folder === 'app' ? isAppFile(file) || isPackFile(folder, file) : isPackFile(folder, file);
  return isKnown ? { folder, file } : null;
}

/** Steps of the path of a target under the feed; null for a name or hash that is not strict. */
export function targetSteps({ name, sha256 }: Pick<Target, 'name' | 'sha256'>): readonly string[] | null {
  const parsed = parseTargetName(name);
  if (!parsed || !/^[0-9a-f]{64}$/u.test(sha256)) return null;
  return ['targets', parsed.folder, `${sha256}.${parsed.file}`];
}

const metadataFile = /^(?:(?:[1-9]\d{0,9}\.)?(?:root|snapshot|targets)|timestamp)\.json$/u;
export const isMetadataFile = (file: string): boolean => metadataFile.test(file);

function isPackFile(folder: string, file: string): boolean {
  if (!PackId.safeParse(folder).success || !file.startsWith(`${folder}-`)) return false;
  const version = /^(.+?)\.outpack(?:\.blockmap)?$/u.exec(file.slice(folder.length + 1))?.[1];
  return version !== undefined && Version.safeParse(version).success;
}

/** No name that some system takes for its own or hides. */
function isAppFile(file: string): boolean {
  return AppTarget.shape.file.safeParse(file).success && !file.includes('..') && !file.endsWith('.');
}
