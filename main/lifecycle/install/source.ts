import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { UpdateSource } from '../../../contract/lifecycle/update.ts';

/** The feed at a path: a folder with metadata, or a `.outpost` file. Null for anything else. */
export async function feedAt(path: string): Promise<UpdateSource | null> {
  const entry = await stat(path).catch(() => null);
  if (!entry?.isDirectory()) return /\.outpost$/iu.test(path) ? { kind: 'bundle', path } : null;
  const inside = await stat(join(path, 'metadata')).catch(() => null);
  return inside?.isDirectory() ? { kind: 'folder', path } : null;
}

/**
 * Parses what a user named as an update source: a URL or a path. A path that is no recognisable feed is treated as a
 * folder or bundle as it is, so that the fault describes it correctly.
 */
export async function sourceOf(text: string): Promise<UpdateSource> {
  if (/^https?:\/\//iu.test(text)) return { kind: 'http', address: text };
  const feed = await feedAt(text);
  if (feed) return feed;
  const entry = await stat(text).catch(() => null);
  return { kind: entry?.isFile() ? 'bundle' : 'folder', path: text };
}
