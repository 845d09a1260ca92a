import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PackPath } from '../../../contract/packs/pack-path.ts';
import type { BareModel } from './read.ts';
import { configName } from './triton-config.ts';

/**
 * The labels of a bare model: the file named in Triton's `config.pbtxt`, else `labels.json` or `labels.txt` beside it.
 */
export async function findLabels({ beside }: BareModel): Promise<string | null> {
  const named = (await Promise.all(beside.map((folder) => labelFilename(join(folder, configName))))).find(
    (name) => name !== null,
  );
  const names = [...(named === undefined || named === null ? [] : [named]), 'labels.json', 'labels.txt'];
  for (const name of names)
    for (const folder of beside) if (await isFile(join(folder, name))) return join(folder, name);
  return null;
}

/** Reads this one field of a text-format protobuf, after removing comments. */
async function labelFilename(config: string): Promise<string | null> {
  const text = await readFile(config, 'utf8').catch(() => '');
  const plain = text.replace(/#.*$/gmu, '');
  const name = /\blabel_filename\s*:\s*(?:"([^"\\]+)"|'([^'\\]+)')/u.exec(plain);
  const found = name?.[1] ?? name?.[2] ?? null;
  return found !== null && PackPath.safeParse(found).success ? found : null;
}

const isFile = (file: string): Promise<boolean> =>
  stat(file).then(
    (entry) => entry.isFile(),
    () => false,
  );
