import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { UpdateSource } from '../../../contract/update.ts';

/** The feed that lies at a path: a folder with metadata, or a file that is called `.outpost`. Null for anything else. */
export async function feedAt(path: string): Promise<UpdateSource | null> {
  const entry = await stat(path).catch(() => null);
  if (!entry?.isDirectory()) return /\.outpost$/iu.test(path) ? { kind: 'bundle', path } : null;
  const inside = await stat(join(path, 'metadata')).catch(() => null);
  return inside?.isDirectory() ? { kind: 'folder', path } : null;
}

/**
 * What a person named as a source of updates: an address, or a path that is taken as it is. What is no feed by its looks
 * is a folder or a bundle as it lies there, so that its fault speaks of the right thing.
 */
export async function sourceOf(text: string): Promise<UpdateSource> {
  if (/^https?:\/\//iu.test(text)) return { kind: 'http', address: text };
  const feed = await feedAt(text);
  if (feed) return feed;
  const entry = await stat(text).catch(() => null);
  return { kind: entry?.isFile() ? 'bundle' : 'folder', path: text };
}
