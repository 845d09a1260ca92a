import { open } from 'node:fs/promises';
import {
  identifyPicture,
  pictureHeadBytes,
  pictureRefusal,
} from '../../../contract/pictures/picture-format.ts';
import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { fsPath } from '../../lib/file-names.ts';
import type { FileIdentity } from '../../store/index.ts';
import { fileFault, identify } from './input-file.ts';

/** A picture, as judged by its magic bytes: nothing else was read. */
export type SeenPicture = { readonly file: FileIdentity; readonly format: string };

/** What a file seems to be, or why it cannot be an input. A picture that breaks off further back is not recognised here. */
export async function lookAtFile(path: string): Promise<Outcome<SeenPicture>> {
  const file = await identify(path, path);
  if (!file.ok) return file;
  try {
    const head = await headOf(path);
    const refusal = pictureRefusal(head, { name: path, sizeBytes: file.value.size });
    if (refusal) return { ok: false, fault: refusal };
    const seen = identifyPicture(head, path);
    return ok({ file: file.value, format: seen.kind === 'picture' ? seen.format : '' });
  } catch (error) {
    return { ok: false, fault: fileFault(error, path) };
  }
}

/** The first bytes of a file, as many as tell its format. */
export async function headOf(path: string): Promise<Buffer> {
  const file = await open(fsPath(path), 'r');
  try {
    const head = Buffer.allocUnsafe(pictureHeadBytes);
    const { bytesRead } = await file.read(head, 0, head.byteLength, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
