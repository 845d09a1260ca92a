// Virtual environments of Python for what is compared with or tested against programs of others.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheHome } from './setup/paths.mjs';

const execute = promisify(execFile);

/** The Python of a virtual environment with what a requirements file names, made once; null, with the reason logged, where it cannot be made. */
export async function pythonWith(requirements, log) {
  const text = readFileSync(requirements, 'utf8');
  const name = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const base = cacheHome();
  const folder = path.join(base, 'outpost', 'python', name);
  const python = path.join(folder, 'bin', 'python');
  if (existsSync(path.join(folder, 'whole'))) return python;
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(path.dirname(folder), { recursive: true });
    log(`  making a virtual environment for ${path.basename(requirements)} (once)`);
    await execute('python3', ['-m', 'venv', folder]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await execute(python, [...pip, '-r', requirements]);
    writeFileSync(path.join(folder, 'whole'), '');
    return python;
  } catch (error) {
    log(`  left out, since Python could not be set up: ${reasonOf(error)}`);
    return null;
  }
}

const reasonOf = (error) =>
  String(error.stderr || error.message)
    .trim()
    .slice(0, 300);
