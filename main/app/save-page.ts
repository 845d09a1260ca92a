import { placeFault } from '../../contract/faults/disk-faults.ts';
import { ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { writeOutput } from '../lib/output-file.ts';

/** Writes text where a person chose to. */
export async function savePage(path: string, text: string): Promise<Outcome<void>> {
  try {
    await writeOutput(path, text);
    return ok(undefined);
  } catch (error) {
    return { ok: false, fault: placeFault(error, path) };
  }
}
