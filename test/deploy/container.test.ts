import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configuration, makeImage } from '../../deploy/container/build.mjs';
import { makeRootfs } from '../../deploy/container/rootfs.mjs';
import { ensureBuilt } from '../../tools/build.mjs';
import { find } from '../../tools/need.mjs';
import { freePorts } from './nginx.ts';
import { newFolder } from '../temp/folder.ts';

const container = join(import.meta.dirname, '../../deploy/container');
const isRoot = process.getuid?.() === 0;
const canUnshare =
  process.platform === 'linux' &&
  spawnSync('unshare', [...(isRoot ? [] : ['-r']), '-m', '-n', 'true']).status === 0;
if (!canUnshare) console.warn('Left out: the tree is not started, namespaces may not be made here');
const buildah =
  process.platform === 'linux' && isRoot ? find('buildah') : { reason: 'buildah is run as root here' };
if (buildah.path === undefined) console.warn(`Left out: no image is made, ${buildah.reason}`);

describe.skipIf(process.platform !== 'linux')('the image', () => {
  const folder = newFolder('image');
  const rootfs = join(folder, 'rootfs');
  const models = join(folder, 'models');
  const token = join(folder, 'token');
  let parts: Readonly<Record<string, number>> = {};

  beforeAll(async () => {
    await ensureBuilt();
    parts = makeRootfs(rootfs);
    // As KServe's storage initialiser leaves it.
    mkdirSync(models);
    copyFileSync(join(import.meta.dirname, '../fixtures/exports/iris.onnx'), join(models, 'model.onnx'));
    writeFileSync(token, 'test:0123456789-abcdef\n');
    chmodSync(token, 0o600);
    for (const each of [folder, models]) chmodSync(each, 0o755);
  }, 180_000);

  it('is small, and has nothing in it that a node does not run', () => {
    const mebibytes = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) / 1024 ** 2;
    console.info(`${mebibytes.toFixed(1)} MiB: ${JSON.stringify(parts)}`);
    expect(mebibytes).toBeGreaterThan(100);
    expect(mebibytes).toBeLessThan(260);
    const files = readdirSync(rootfs, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const places = files.map((entry) => join(entry.parentPath, entry.name).slice(rootfs.length));
    expect(
      places.filter((place) => !place.startsWith('/opt/') && !/\/lib(?:64)?\/|^\/etc\//u.test(place)),
    ).toEqual(['/usr/bin/node']);
    // Scripts of a few lines that a package has for every system stay.
    const allowed = /\/lib\/(?:darwin|linuxmusl)|getMachineId-\w+\.js$/u;
    const unwanted =
      /\.(?:dll|dylib|map|ts)$|node_modules\/(?:electron|vite|vitest|typescript|react|wasm-vips)\/|\/win32\/|darwin|musl/u;
    expect(places.filter((place) => unwanted.test(place) && !allowed.test(place))).toEqual([]);
    expect(places.filter((place) => place.endsWith('libonnxruntime.so.1'))).toHaveLength(1);
    // Nothing that lends rights, nothing that everybody may change.
    for (const place of places) expect(statSync(join(rootfs, place)).mode & 0o6002).toBe(0);
  });

  it('is described by Dockerfile and by build.mjs in the same words', () => {
    const dockerfile = readFileSync(join(container, 'Dockerfile'), 'utf8').replaceAll(/\\\n\s*/gu, '');
    const last = dockerfile.slice(dockerfile.indexOf('FROM scratch'));
    const instruction = (name: string) => new RegExp(`^${name} (.*)$`, 'mu').exec(last)?.[1] ?? '';
    const option = (name: string) =>
      configuration.flatMap((each, at) => (configuration[at - 1] === name ? [each] : []));
    expect([instruction('USER')]).toEqual(option('--user'));
    expect([instruction('WORKDIR')]).toEqual(option('--workingdir'));
    expect([instruction('STOPSIGNAL')]).toEqual(option('--stop-signal'));
    expect(instruction('ENV').split(' ')).toEqual(option('--env'));
    expect(instruction('EXPOSE').split(' ')).toEqual(option('--port'));
    expect(JSON.parse(instruction('VOLUME'))).toEqual(option('--volume'));
    expect(JSON.parse(instruction('ENTRYPOINT'))).toEqual(JSON.parse(option('--entrypoint')[0]!));
    expect((JSON.parse(instruction('CMD')) as string[]).join(' ')).toBe(option('--cmd')[0]);
    const check = /CMD (\[.*\])/u.exec(instruction('HEALTHCHECK'))?.[1] ?? '[]';
    expect(`CMD ${(JSON.parse(check) as string[]).join(' ')}`).toBe(option('--healthcheck')[0]);
  });

  it('three nodes and nginx in compose.yaml: no rights, nothing writable but data and tmp', () => {
    const { services } = parse(readFileSync(join(container, 'compose.yaml'), 'utf8'), { merge: true }) as {
      services: Record<string, Record<string, unknown>>;
    };
    for (const name of ['node1', 'node2', 'node3'])
      expect(services[name]).toMatchObject({
        user: '10001:10001',
        read_only: true,
        cap_drop: ['ALL'],
        secrets: ['outpost-token'],
      });
    const nodes = (file: string) => readFileSync(file, 'utf8').match(/^ {4}(?!server).*$|^upstream.*$/gmu);
    expect(nodes(join(container, 'nodes.conf'))).toEqual(nodes(join(container, '../nginx/nodes.conf')));
  });

  it.skipIf(!canUnshare)(
    'starts as another user on a root that cannot be written to, without a network, and answers',
    () => {
      const client = readFileSync(join(import.meta.dirname, 'inside.mjs'), 'utf8');
      const { status, stdout, stderr } = spawnSync(
        'unshare',
        [
          ...(isRoot ? [] : ['-r']),
          '-m',
          '-n',
          '--propagation',
          'private',
          'sh',
          join(import.meta.dirname, 'image.sh'),
          rootfs,
          models,
          token,
          client,
        ],
        { encoding: 'utf8', timeout: 100_000 },
      );
      // The server was ended by SIGTERM, and drained.
      expect({ status, stderr }).toEqual({
        status: 0,
        stderr: expect.stringContaining('Finishing what is under way'),
      });
      expect(JSON.parse(stdout)).toMatchObject({
        ...(isRoot && { uid: 10001 }),
        health: 0,
        root: 'EROFS',
        etc: 'EROFS',
        models: 'EROFS',
        data: 'written',
        tmp: 'written',
        outside: 'ENETUNREACH',
        withoutToken: { status: 401 },
        photo: {
          status: 200,
          body: { model: 'efficientnet-lite0', result: { predictions: expect.any(Array) } },
        },
        iris: { status: 200 },
      });
    },
    120_000,
  );

  it.skipIf(buildah.path === undefined)(
    'is made by buildah, loads again from its archive, starts and answers',
    async () => {
      const archive = join(folder, 'outpost.tar');
      const storage = join(folder, 'storage');
      expect(makeImage(rootfs, { archive, name: 'outpost', storage: join(folder, 'making') })).toBeNull();
      const run = (...args: string[]) => [
        `--root=${storage}/root`,
        `--runroot=${storage}/run`,
        '--storage-driver=vfs',
        ...args,
      ];
      const name = execFileSync('buildah', run('from', `docker-archive:${archive}`), {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
      const { Docker } = JSON.parse(execFileSync('buildah', run('inspect', name), { encoding: 'utf8' })) as {
        Docker: {
          config: { Entrypoint: string[]; Cmd: string[]; User: string; Healthcheck: { Test: string[] } };
        };
      };
      const { Entrypoint, Cmd, User, Healthcheck } = Docker.config;
      expect(User).toBe('10001:10001');
      const [port] = await freePorts(1);
      const url = `http://127.0.0.1:${port}`;
      const own = join(folder, 'token-inside');
      copyFileSync(token, own);
      chownSync(own, 10001, 10001);
      const mounts = [
        '--volume',
        `${own}:/run/secrets/outpost-token:ro`,
        '--volume',
        `${models}:/mnt/models:ro`,
      ];
      // The image's own command, on a port that is free here: chroot has no network of its own.
      const command = [...Entrypoint, ...Cmd.map((word) => word.replace('0.0.0.0:8501', `0.0.0.0:${port}`))];
      const server = spawn(
        'buildah',
        run('run', '--isolation', 'chroot', ...mounts, name, '--', ...command),
        {
          stdio: ['ignore', 'ignore', 'pipe'],
          detached: true,
        },
      );
      let output = '';
      server.stderr.on('data', (piece: Buffer) => (output += piece.toString()));
      try {
        const health = () =>
          fetch(`${url}/readyz`).then(
            ({ status }) => status,
            () => 0,
          );
        await expect.poll(health, { timeout: 30_000, interval: 100 }).toBe(200);
        const check = run(
          'run',
          '--isolation',
          'chroot',
          name,
          '--',
          ...Healthcheck.Test.slice(1),
          `${url}/readyz`,
        );
        expect(spawnSync('buildah', check).status).toBe(0);
        const photo = readFileSync(
          join(import.meta.dirname, '../../models/efficientnet-lite0/samples/rocket.jpg'),
        );
        const headers = { authorization: 'Bearer 0123456789-abcdef', 'content-type': 'image/jpeg' };
        const answer = await fetch(`${url}/predict`, { method: 'POST', headers, body: photo });
        expect(answer.status, output).toBe(200);
        expect(await answer.json()).toMatchObject({ model: 'efficientnet-lite0' });
      } finally {
        process.kill(-server.pid!, 'SIGTERM');
        await Promise.race([new Promise((resolve) => server.once('exit', resolve)), sleep(10_000)]);
        spawnSync('buildah', run('rm', '--all'));
        rmSync(storage, { recursive: true, force: true });
      }
    },
    180_000,
  );
});
