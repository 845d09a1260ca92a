import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { has } from '../setup/run.mjs';
import { aptInstall } from '../setup/system.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

/** Puts what electron-builder would fetch from the network into its hands, and Debian's own tools where they lack. */
export async function ensureTools(targets, isTrial) {
  if (process.platform !== 'linux') return 'electron-builder’s own';
  const missing = [];
  if (targets.includes('deb') && !(await has('dpkg-deb'))) missing.push('dpkg');
  if (targets.includes('rpm') && !(await has('rpmbuild'))) missing.push('rpm');
  if (missing.length > 0)
    await aptInstall(missing, 'packages are made with them', (note) => console.log(`  tools      ${note}`));
  process.env.CUSTOM_FPM_PATH = path.join(here, 'fpm.mjs');
  process.env.ELECTRON_BUILDER_7ZIP_PATH = path.join(here, 'seven-zip.mjs');
  // What is not given away is not worth the minutes of a small file.
  process.env.ELECTRON_BUILDER_COMPRESSION_LEVEL ??= isTrial ? '1' : '6';
  return missing.length > 0 ? `installed: ${missing.join(' ')}` : 'are there';
}
