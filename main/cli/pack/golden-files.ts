import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readFault, systemCode } from '../../../contract/faults/disk-faults.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { clientReason, noTextReason, reasonText } from '../../../contract/faults/reasons.ts';
import { readGoldenFile, readNpy, titleOf } from '../../packs/build/index.ts';
import type { GoldenInput } from '../../packs/build/index.ts';
import { readText } from '../../lib/text.ts';
import { readTensors } from '../tensors/json.ts';

/*
 * A folder of golden inputs, each an entry by name:
 *
 *   cat.jpg            a picture
 *   rows.json          named tensors, as `outpost predict` takes them
 *   rows.npy           a numpy array for the one input of the model
 *   rows/<input>.npy   numpy arrays for a model of several inputs
 */
export type GoldenFiles = { readonly inputs: readonly GoldenInput[]; readonly ignored: readonly string[] };

export async function readGoldenFolder(folder: string): Promise<Outcome<GoldenFiles>> {
  const inputs: GoldenInput[] = [];
  const ignored: string[] = [];
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    entries.sort((one, other) => (one.name < other.name ? -1 : 1));
    for (const entry of entries) {
      const file = join(folder, entry.name);
      const read = entry.isDirectory() ? await readArrays(file) : await readOne(file);
      if (!read.ok) return read;
      if (read.value) inputs.push(read.value);
      else ignored.push(entry.name);
    }
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return { ok: false, fault: readFault(error, folder) };
  }
  return inputs.length > 0 ? ok({ inputs, ignored }) : failed('nothing-to-do', { file: folder });
}

async function readOne(file: string): Promise<Outcome<GoldenInput | null>> {
  const plain = await readGoldenFile(file);
  if (!plain.ok || plain.value || !/\.json$/iu.test(file)) return plain;
  const text = await readText(file);
  if (!text.ok)
    return failed('input-invalid', {
      name: basename(file),
      reason: clientReason(reasonText(noTextReason(text.why))),
    });
  const tensors = readTensors(text.text);
  return tensors.ok ? ok({ kind: 'tensors', name: titleOf(file), tensors: tensors.value }) : tensors;
}

async function readArrays(folder: string): Promise<Outcome<GoldenInput | null>> {
  const files = (await readdir(folder)).filter((name) => /\.npy$/iu.test(name)).sort();
  const tensors = [];
  for (const file of files) {
    const tensor = readNpy(await readFile(join(folder, file)), file);
    if (!tensor.ok) return tensor;
    tensors.push({ name: file.replace(/\.npy$/iu, ''), ...tensor.value });
  }
  return ok(tensors.length > 0 ? { kind: 'tensors', name: titleOf(folder), tensors } : null);
}
