// What every pack builder does: list a folder's files with size and SHA-256, and write or check what was derived.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Every file below `folder` but manifest.json, by path in code-unit order, so that two builds give the same bytes. */
export function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => path !== 'manifest.json')
    .sort((one, other) => (one < other ? -1 : 1))
    .map((path) => {
      const bytes = readFileSync(join(folder, path));
      return { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    });
}

/** Writes each `[path, bytes or text]`, or with `--check` compares and exits 1 naming what differs. Manifests come last. */
export function settle(files) {
  const isCheck = process.argv.includes('--check');
  for (const [path, content] of files) {
    const made = Buffer.from(typeof content === 'function' ? content() : content);
    if (!isCheck) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, made);
    } else if (!isSame(path, made)) {
      console.error(`${path} is not what this script makes; run it without --check and commit the result.`);
      process.exitCode = 1;
    }
  }
}

export const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

function isSame(path, made) {
  try {
    return readFileSync(path).equals(made);
  } catch {
    return false;
  }
}
