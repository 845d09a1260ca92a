import type { KnownFile } from '../../store/index.ts';
import { identify } from '../files/index.ts';

/** Those that still lie where they were, as they were when they were answered. */
export async function presentFiles(files: readonly KnownFile[]): Promise<readonly KnownFile[]> {
  const present: KnownFile[] = [];
  for (const file of files) {
    const now = await identify(file.path, file.path);
    if (now.ok && now.value.size === file.size && now.value.mtimeNs === file.mtimeNs) present.push(file);
  }
  return present;
}
