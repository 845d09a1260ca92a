import { ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { partFault } from './picture-fault.ts';
import { openJpeg } from './picture-file.ts';
import type { PictureFile } from './picture-file.ts';
import { strictly } from './strictness.ts';
import type { FailOn } from './strictness.ts';

/**
 * Reads each JPEG that a TIFF is made of as strictly as a file of its own: libtiff passes over what libjpeg warns of, and
 * the rows that it made up would be answered. Each is decoded twice by that. Fault: `image-unreadable`.
 */
export async function proveJpegs(
  { jpegs }: PictureFile,
  name: string,
  read: (jpeg: Uint8Array, failOn: FailOn) => Promise<void>,
): Promise<Outcome<null>> {
  for (const jpeg of jpegs ?? []) {
    const opened = openJpeg(jpeg, name);
    if (!opened.ok) return partFault(null, name);
    try {
      await strictly(opened.value, ({ bytes }, failOn) => read(bytes, failOn));
    } catch (error) {
      return partFault(error, name);
    }
  }
  return ok(null);
}
