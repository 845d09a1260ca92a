import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../setup/paths.mjs';

export const peersFolder = path.join(root, 'bench', 'peers');

/** The Python of a virtual environment with what a requirements file names, made once; null with the reason told. */
export function pythonWith(requirements, log) {
  const text = readFileSync(requirements, 'utf8');
  const name = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const base = process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache');
  const folder = path.join(base, 'outpost', 'python', name);
  const python = path.join(folder, 'bin', 'python');
  if (existsSync(path.join(folder, 'whole'))) return python;
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(path.dirname(folder), { recursive: true });
    log(`  making a virtual environment for ${path.basename(requirements)} (once)`);
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe' });
    execFileSync(
      python,
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
      {
        stdio: 'pipe',
      },
    );
    writeFileSync(path.join(folder, 'whole'), '');
    return python;
  } catch (error) {
    log(
      `  left out, since Python could not be set up: ${String(error.stderr ?? error.message)
        .trim()
        .slice(0, 300)}`,
    );
    return null;
  }
}
