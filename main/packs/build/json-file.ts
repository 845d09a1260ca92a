import { basename } from 'node:path';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { readText } from '../../lib/text.ts';
import { diskFault } from '../disk-fault.ts';

/** A person's JSON file, in whatever encoding of Unicode it was saved. */
export async function readJsonFile(file: string): Promise<Outcome<unknown>> {
  const odd = (reason: string) => failed('file-unfit', { file: basename(file), reason });
  try {
    const read = await readText(file);
    return read.ok ? ok(JSON.parse(read.text)) : odd(read.reason);
  } catch (error) {
    return error instanceof SyntaxError ? odd(error.message) : diskFault(error, file);
  }
}
