import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { Digest, PackId } from '../../../contract/ids.ts';
import { Origin, Pointer, Signer } from '../../../contract/lifecycle/lifecycle.ts';
import { writeDurably } from '../../lib/durable.ts';
import { diskFault } from '../disk-fault.ts';
import type { Receipt } from './types.ts';
import { makeFolders } from '../../lib/make-folders.ts';

const StoredReceipt = z.object({
  digest: Digest,
  origin: Origin,
  signer: Signer.nullable(),
  installedAt: z.string(),
});
const StoredRatchets = z.record(z.string(), z.number());

const pointerName = 'pointer.json';
export const receiptPath = (packFolder: string): string => `${packFolder}.json`;

/** Reads the pointers of all models; an invalid file counts as missing. */
export async function readPointers(folder: string): Promise<ReadonlyMap<string, Pointer>> {
  const pointers = new Map<string, Pointer>();
  for (const id of await readdir(folder).catch(() => [])) {
    const pointer = PackId.safeParse(id).success && (await readPointer(folder, id));
    if (pointer) pointers.set(id, pointer);
  }
  return pointers;
}

const readPointer = (folder: string, id: string): Promise<Pointer | null> =>
  readJson(join(folder, id, pointerName), Pointer);

/** Writes a pointer; never replaces one with a higher `seq`. */
export async function writePointer(folder: string, id: string, pointer: Pointer): Promise<Outcome<void>> {
  const known = await readPointer(folder, id);
  if (known && known.seq > pointer.seq) return ok(undefined);
  return write(join(folder, id), pointerName, pointer);
}

export async function removePointer(folder: string, id: string): Promise<Outcome<void>> {
  const file = join(folder, id, pointerName);
  try {
    await rm(file, { force: true });
    return ok(undefined);
  } catch (error) {
    return diskFault(error, file);
  }
}

export async function readReceipt(packFolder: string): Promise<Receipt | null> {
  const receipt = await readJson(receiptPath(packFolder), StoredReceipt);
  return receipt && { ...receipt, digest: receipt.digest as Receipt['digest'] };
}

export async function readRatchets(folder: string): Promise<Readonly<Record<string, number>>> {
  return (await readJson(join(folder, '.ratchets.json'), StoredRatchets)) ?? {};
}

export async function raiseRatchets(
  folder: string,
  values: Readonly<Record<string, number>>,
): Promise<Outcome<void>> {
  const known = await readRatchets(folder);
  const raised: Record<string, number> = { ...known };
  for (const [name, value] of Object.entries(values)) raised[name] = Math.max(known[name] ?? value, value);
  return write(folder, '.ratchets.json', raised);
}

async function write(folder: string, name: string, value: unknown): Promise<Outcome<void>> {
  const file = join(folder, name);
  try {
    await makeFolders(folder);
    await writeDurably(file, `${JSON.stringify(value, null, 2)}\n`);
    return ok(undefined);
  } catch (error) {
    return diskFault(error, file);
  }
}

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
