import { createHash } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../../lib/durable.ts';

/** Written before an update of Outpost, for a later downgrade: the old and new version, and the copy of the store. */
const Return = z.strictObject({
  from: z.string().max(60),
  to: z.string().max(60),
  snapshot: z.string().max(8192),
  at: z.string().max(40),
  /** Whether the newer version has been started. */
  isReached: z.boolean(),
});
type Return = z.infer<typeof Return>;

const fileOf = (folder: string): string => join(folder, 'app-return.json');

export const writeReturn = (folder: string, noted: Return): Promise<void> =>
  writeDurably(fileOf(folder), `${JSON.stringify(noted)}\n`);
export const dropReturn = (folder: string): Promise<void> => rm(fileOf(folder), { force: true });

/** Null when the file is missing or invalid. */
export async function readReturn(folder: string): Promise<Return | null> {
  const text = await readFile(fileOf(folder), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return Return.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Size and base64 SHA-512 of a file; null when it cannot be read. */
export async function measureFile(file: string): Promise<{ size: number; sha512: string } | null> {
  const handle = await open(file, 'r').catch(() => null);
  if (!handle) return null;
  try {
    const hash = createHash('sha512');
    const buffer = Buffer.allocUnsafe(1024 ** 2);
    for (let size = 0; ;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.byteLength, null);
      if (bytesRead === 0) return { size, sha512: hash.digest('base64') };
      hash.update(buffer.subarray(0, bytesRead));
      size += bytesRead;
    }
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
