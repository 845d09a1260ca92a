import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { endAll, startServe } from './serve-process.ts';
import { newFolder } from '../temp/folder.ts';

afterEach(endAll);

const ask = (socketPath: string): Promise<number | null> =>
  new Promise((resolve) => {
    request({ socketPath, path: '/livez' }, (answer) => resolve(answer.resume().statusCode ?? null))
      .on('error', () => resolve(null))
      .end();
  });

test.skipIf(process.platform === 'win32')(
  'workers share one socket file: over a dead one, while all of them are killed, and gone at the end',
  async () => {
    const folder = newFolder('socket');
    const file = join(folder, 'outpost.sock');
    const text = `require('node:net').createServer().listen(${JSON.stringify(file)}, () => console.log('there'))`;
    const dead = spawn(process.execPath, ['-e', text], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(dead.stdout, 'data');
    dead.kill('SIGKILL');
    await once(dead, 'close');
    const serve = await startServe([
      '--bind',
      `unix:${file}`,
      '--inference',
      'in-process',
      '--workers',
      '3',
      '--load',
      'none',
    ]);
    expect(serve.url).toBe(`unix:${file}`);
    expect(await ask(file)).toBe(200);
    const before = lstatSync(file).ino;
    for (const pid of serve.children()) process.kill(pid, 'SIGKILL');
    await expect.poll(() => ask(file), { timeout: 20_000, interval: 100 }).toBe(200);
    expect(lstatSync(file).ino).toBe(before);
    expect(readdirSync(folder)).toEqual(['outpost.sock']);
    await expect.poll(() => serve.children().length).toBe(3);
    expect(await serve.end()).toBe(0);
    expect(existsSync(file)).toBe(false);
  },
  60_000,
);
