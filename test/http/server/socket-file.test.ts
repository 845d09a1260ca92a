import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openHttpServer } from '../../../main/http/index.ts';
import type { HttpServer } from '../../../main/http/index.ts';
import { prepareSocketFile } from '../../../main/http/server/address/socket-file.ts';
import { anyone, openTestServing } from './fixture.ts';
import type { TestServing } from './fixture.ts';
import { newFolder } from '../../temp/folder.ts';

let serving: TestServing;
let folder: string;
let file: string;
const opened: HttpServer[] = [];

beforeAll(async () => {
  serving = await openTestServing();
}, 60_000);
afterAll(() => serving.close());
beforeEach(() => {
  folder = newFolder('socket');
  file = join(folder, 'outpost.sock');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close({ graceMs: 0 })));
});

async function openAt(bind: string, grpcBind: string | null = null) {
  const server = await openHttpServer({
    serving: serving.serving,
    appVersion: '0.1.0',
    bind,
    grpcBind,
    tokens: null,
    anyone,
    allowedHosts: [],
    corsOrigins: [],
    log: () => undefined,
  });
  if (server.ok) opened.push(server.value);
  return server;
}

function ask(socketPath: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path: '/livez' }, (answer) => resolve(answer.resume().statusCode))
      .on('error', reject)
      .end();
  });
}

/** A socket file whose process was killed. */
async function leaveDead(at: string): Promise<void> {
  const text = `require('node:net').createServer().listen(${JSON.stringify(at)}, () => console.log('there'))`;
  const child = spawn(process.execPath, ['-e', text], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(lstatSync(at).isSocket()).toBe(true);
}

describe.skipIf(process.platform === 'win32')('a socket file', () => {
  test('is never put in the place of something else: a file, a link, a folder, a pipe stay', async () => {
    const kinds = new Map([
      ['a file', () => writeFileSync(file, 'precious')],
      ['a link', () => symlinkSync(join(folder, 'elsewhere'), file)],
      ['a folder', () => mkdirSync(file)],
      ['a pipe', () => execFileSync('mkfifo', [file])],
    ]);
    for (const [kind, make] of kinds) {
      make();
      const before = lstatSync(file).ino;
      for (const [bind, grpcBind] of [[`unix:${file}`], ['127.0.0.1:0', `unix:${file}`]]) {
        const refused = await openAt(bind!, grpcBind);
        expect(refused).toMatchObject({ ok: false, fault: { code: 'bind-file-taken' } });
        if (!refused.ok) {
          expect(refused.fault.message).toContain(`${file}: it is ${kind}`);
          expect(refused.fault.hint).not.toContain('other program');
        }
        expect(lstatSync(file).ino).toBe(before);
      }
      if (kind === 'a file') expect(readFileSync(file, 'utf8')).toBe('precious');
      rmSync(file, { recursive: true });
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of a killed server is taken over, for HTTP and for gRPC', async () => {
    await leaveDead(file);
    expect(await openAt(`unix:${file}`)).toMatchObject({ ok: true, value: { address: `unix:${file}` } });
    expect(await ask(file)).toBe(200);
    const other = join(folder, 'grpc.sock');
    await leaveDead(other);
    expect(await openAt('127.0.0.1:0', `unix:${other}`)).toMatchObject({
      ok: true,
      value: { grpcAddress: `unix:${other}` },
    });
    const socket = connect(other);
    await once(socket, 'connect');
    socket.destroy();
    expect(readdirSync(folder).toSorted()).toEqual(['grpc.sock', 'outpost.sock']);
  });

  test('goes to one of several servers that start at once, and that one answers', async () => {
    for (let round = 0; round < 8; round += 1) {
      if (round % 2 === 0) await leaveDead(file);
      const outcomes = await Promise.all(
        [0, 1, 2, 3].map(async (at) => {
          await new Promise((resolve) => setTimeout(resolve, at * round));
          return openAt(`unix:${file}`);
        }),
      );
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
      for (const outcome of outcomes) if (!outcome.ok) expect(outcome.fault.code).toBe('address-in-use');
      expect(await ask(file)).toBe(200);
      await Promise.all(opened.splice(0).map((server) => server.close({ graceMs: 0 })));
      expect(readdirSync(folder)).toEqual([]);
    }
  }, 30_000);

  test('is left alone at the end when it is another one by then', async () => {
    expect((await openAt(`unix:${file}`)).ok).toBe(true);
    rmSync(file);
    writeFileSync(file, 'written since');
    await opened.splice(0)[0]!.close({ graceMs: 0 });
    expect(readFileSync(file, 'utf8')).toBe('written since');
    rmSync(file);
    expect((await openAt(`unix:${file}`)).ok).toBe(true);
    rmSync(file);
    expect((await openAt(`unix:${file}`)).ok).toBe(true);
    await opened.shift()!.close({ graceMs: 0 });
    expect(await ask(file)).toBe(200);
  });

  test('of a server that is too busy to accept is not dead', async () => {
    const text = `require('node:net').createServer().listen({ path: ${JSON.stringify(file)}, backlog: 1 }, () => { console.log('there'); const end = Date.now() + 60_000; setTimeout(() => { while (Date.now() < end); process.exit(); }, 1); })`;
    const child = spawn(process.execPath, ['-e', text], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const held: Socket[] = [];
    let code: string | undefined;
    while (code === undefined && held.length < 50) {
      const socket = connect(file).on('error', (error: NodeJS.ErrnoException) => (code = error.code));
      held.push(socket);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await openAt(`unix:${file}`)).toMatchObject({ ok: false, fault: { code: 'address-in-use' } });
    expect(lstatSync(file).isSocket()).toBe(true);
    for (const socket of held) socket.destroy();
    child.kill('SIGKILL');
    await once(child, 'close');
  });

  test('with a path that the system would cut, or in no folder, is refused', async () => {
    const long = join(folder, 'x'.repeat(100));
    const refused = await openAt(`unix:${long}`);
    expect(refused).toMatchObject({ ok: false, fault: { code: 'address-unusable' } });
    if (!refused.ok) expect(refused.fault.message).toContain('bytes longer');
    const nowhere = await openAt(`unix:${join(folder, 'none', 's')}`);
    expect(nowhere).toMatchObject({ ok: false, fault: { code: 'address-unusable' } });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is published again when its listener was opened anew', async () => {
    const prepared = await prepareSocketFile(file);
    if (!prepared.ok) throw new Error(prepared.fault.message);
    const { draft, publish, remove } = prepared.value;
    const listen = async () => {
      const server = createServer((socket) => socket.end('here'));
      await new Promise<void>((resolve) => server.listen(draft, resolve));
      return server;
    };
    const first = await listen();
    expect(await Promise.all([publish(), publish()])).toMatchObject([{ ok: true }, { ok: true }]);
    await new Promise((resolve) => first.close(resolve));
    const second = await listen();
    expect(await publish()).toMatchObject({ ok: true });
    const [text] = (await once(connect(file), 'data')) as [Buffer];
    expect(text.toString()).toBe('here');
    await remove();
    expect(existsSync(file)).toBe(false);
    await new Promise((resolve) => second.close(resolve));
  });
});
