import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';
import { commandLine } from './cli-process.ts';
import { endAll, startServe } from './serve-process.ts';

afterAll(endAll);

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const status = async (url: string): Promise<number> => (await fetch(`${url}/livez`)).status;

describe.skipIf(process.platform === 'win32')('signals that mean nothing to Outpost', () => {
  it.each([[[]], [['--inference', 'in-process']]])(
    'open no debugger and end nothing: serve %j',
    async (more) => {
      const serve = await startServe(more);
      await serve.until('Ready after');
      const children = serve.children();
      expect(children.length).toBeGreaterThan(0);
      for (const pid of [serve.child.pid!, ...children])
        for (const name of ['SIGUSR1', 'SIGUSR2'] as const) process.kill(pid, name);
      await wait(700);
      expect(serve.output()).not.toContain('Debugger listening');
      expect(new Set(serve.children())).toEqual(new Set(children));
      expect(await status(serve.url)).toBe(200);
      expect(await serve.end()).toBe(0);
    },
  );

  it('are nothing to a short command either', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const args = [...(await commandLine()), 'work', '--queue', `redis://127.0.0.1:${port}`];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.on('data', (text: Buffer) => (output += text.toString()));
    await once(silent, 'connection');
    child.kill('SIGUSR1');
    child.kill('SIGUSR2');
    await wait(500);
    expect(output).not.toContain('Debugger');
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    child.kill('SIGKILL');
    silent.close();
  });
});
