import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { isPictureName } from '../../../contract/pictures/pictures.ts';
import { diskFault } from '../disk-fault.ts';
import { titleOf } from './names.ts';
import { readNpy } from './npy.ts';
import type { GoldenInput } from './request.ts';

/** Reads a photo, or a numpy array for a model with one input; null for anything else. */
export async function readGoldenFile(file: string): Promise<Outcome<GoldenInput | null>> {
  const name = titleOf(file);
  if (isPictureName(basename(file))) return ok({ kind: 'picture', name, file });
  if (!/\.npy$/iu.test(file)) return ok(null);
  try {
    const tensor = readNpy(await readFile(file), basename(file));
    return tensor.ok ? ok({ kind: 'tensors', name, tensors: [{ name: '', ...tensor.value }] }) : tensor;
  } catch (error) {
    return diskFault(error, file);
  }
}
