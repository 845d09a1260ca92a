import { basename } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { detail, noTextReason, type Reason } from '../../../contract/faults/reasons.ts';
import { readText } from '../../lib/text.ts';
import { diskFault } from '../disk-fault.ts';

/** Reads a JSON file written by a user, in any Unicode encoding. */
export async function readJsonFile(file: string): Promise<Outcome<unknown>> {
  const odd = (why: Reason) => failed('file-unfit', { file: basename(file), reason: why });
  try {
    const read = await readText(file);
    return read.ok ? ok(JSON.parse(read.text)) : odd(noTextReason(read.why));
  } catch (error) {
    return error instanceof SyntaxError ? odd(detail(error.message)) : diskFault(error, file);
  }
}
