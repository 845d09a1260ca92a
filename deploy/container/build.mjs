// `node deploy/container/build.mjs [--out FOLDER] [--name outpost]`: the image without a daemon. The tree of the
// Dockerfile's last stage goes into FOLDER/rootfs; where buildah is installed and works, FOLDER/<name>.tar is an
// image of it, for `docker load -i` or `podman load -i`. Nothing is fetched.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describe, makeRootfs, uid } from './rootfs.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What the Dockerfile says of its last stage, in buildah's words. */
export const configuration = [
  ['--user', `${uid}:${uid}`],
  ['--workingdir', '/data'],
  ['--env', 'NODE_ENV=production'],
  ['--env', 'OUTPOST_DATA=/data'],
  ['--volume', '/data'],
  ['--volume', '/tmp'],
  ['--port', '8501'],
  ['--port', '8502'],
  ['--stop-signal', 'SIGTERM'],
  ['--entrypoint', '["/usr/bin/node","/opt/outpost/outpost.mjs"]'],
  ['--cmd', 'serve --bind 0.0.0.0:8501 --token-file /run/secrets/outpost-token'],
  ['--healthcheck', 'CMD /usr/bin/node /opt/outpost/healthcheck.mjs'],
  ['--healthcheck-interval', '10s'],
  ['--healthcheck-timeout', '5s'],
  ['--healthcheck-start-period', '30s'],
  ['--healthcheck-retries', '3'],
  ['--label', 'org.opencontainers.image.title=Outpost'],
  ['--label', 'org.opencontainers.image.licenses=Apache-2.0'],
].flat();

/** An image of the tree in `archive`; null, or why there is none. */
export function makeImage(rootfs, { archive, name, storage }) {
  const buildah = (...args) => {
    const where = [
      '--root',
      path.join(storage, 'root'),
      '--runroot',
      path.join(storage, 'run'),
      '--storage-driver',
      'vfs',
    ];
    const { status, stdout, stderr, error } = spawnSync('buildah', [...where, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(error?.code === 'ENOENT' ? 'buildah is not installed' : stderr.trim());
    return stdout.trim();
  };
  try {
    const container = buildah('from', 'scratch');
    buildah('copy', container, rootfs, '/');
    // The healthcheck is no part of the OCI format; Docker's own has it.
    buildah('config', ...configuration, container);
    rmSync(archive, { force: true });
    buildah('commit', '--format', 'docker', container, `docker-archive:${archive}:${name}:latest`);
    return null;
  } catch (failure) {
    return failure.message;
  } finally {
    rmSync(storage, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: path.join(root, 'dist', 'container') },
      name: { type: 'string', default: 'outpost' },
    },
  });
  const out = path.resolve(values.out);
  mkdirSync(out, { recursive: true });
  const built = spawnSync(process.execPath, [path.join(root, 'tools', 'build.mjs')], { stdio: 'inherit' });
  if (built.status !== 0) process.exit(1);
  const rootfs = path.join(out, 'rootfs');
  console.log(`${rootfs}: ${describe(makeRootfs(rootfs))}`);
  const archive = path.join(out, `${values.name}.tar`);
  const reason = makeImage(rootfs, { archive, name: values.name, storage: path.join(out, '.storage') });
  console.log(
    reason === null
      ? `${archive}: ${(statSync(archive).size / 1024 ** 2).toFixed(1)} MiB`
      : `No image, the tree alone: ${reason}`,
  );
}
