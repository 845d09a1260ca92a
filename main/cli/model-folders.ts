import { join } from 'node:path';
import type { Outcome } from '../../contract/faults/faults.ts';
import { ok } from '../../contract/faults/faults.ts';
import { materialise, namesIn } from '../composition/index.ts';

import { dataFolder } from '../lib/paths.ts';
import { printable } from './paint.ts';
import type { Session } from './session.ts';

/** The `--models` folders as folders of packs: of packs, and of bare ONNX files in the layouts of other servers. */
export async function modelFolders(
  session: Session,
  modelName?: string,
): Promise<Outcome<readonly string[]>> {
  const folders: string[] = [];
  const data = dataFolder(session.common.data);
  // Shipped and installed packs are in the same library.
  const modelRoots = [session.places.models, join(data, 'packs'), ...(session.common.models ?? [])];
  const beside = (await Promise.all(modelRoots.map((folder) => namesIn(folder, modelName)))).flat();
  for (const folder of session.common.models ?? []) {
    const made = await materialise({
      folder,
      ...(modelName !== undefined && { name: modelName }),
      onRefused: (file, why) => session.terminal.complain(why, file),
      onNote: (file, note) => session.terminal.note(`${printable(file)}: ${note}`),
      beside,
      into: join(data, 'layouts'),
      appVersion: session.places.version,
    });
    if (!made.ok) return made;
    folders.push(...made.value);
  }
  return ok(folders);
}
