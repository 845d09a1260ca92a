// Programs that the tests in test/deploy run and that no npm package brings. Where one is missing, the system's own
// package is installed if this may be done without asking; else the test says why it was left out.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const programs = {
  nginx: { package: 'nginx-light', places: ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/bin/nginx'] },
  buildah: { package: 'buildah', places: ['/usr/bin/buildah', '/usr/local/bin/buildah'] },
};

/** `{ path }` of the program, or `{ reason }`. */
export function need(name) {
  const { package: wanted, places } = programs[name];
  const found = () => places.find((place) => existsSync(place));
  const before = found();
  if (before) return { path: before };
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get'))
    return { reason: `${name} is not installed, and there is no apt-get to install it with` };
  if (process.getuid() !== 0) return { reason: `${name} is not installed: sudo apt-get install ${wanted}` };
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', '-y', '--no-install-recommends', ...args], {
      encoding: 'utf8',
      timeout: 180_000,
      // The service that the package starts is nobody's wish here.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    });
  let installed = apt('install', wanted);
  if (installed.status !== 0) {
    apt('update');
    installed = apt('install', wanted);
  }
  const path = found();
  const said = `${installed.stderr ?? ''}`.trim().split('\n').at(-1);
  return path ? { path } : { reason: `${name} could not be installed: ${said || 'apt-get failed'}` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of Object.keys(programs)) {
    const { path, reason } = need(name);
    console.log(path ? `${name}: ${path}` : reason);
  }
}
