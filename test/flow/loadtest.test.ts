import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readJtl } from '../../loadtest/jmeter.mjs';
import { scenario } from '../../loadtest/scenario.mjs';
import { loadTest } from '../../tools/loadtest.mjs';
import { commandLine, photo, root } from './cli-process.ts';
import { newFolder } from '../temp/folder.ts';

const place = newFolder('loadtest');
const env = { ...process.env, LOADTEST_USERS: '2', LOADTEST_SECONDS: '1', LOADTEST_SOAK_SECONDS: '2' };
const names = ['ramp 1', 'ramp 2', 'steady', 'spike', 'soak'];

describe('the load test', () => {
  it('plays every step against a real server and reports the figures', async () => {
    const args = ['--data', path.join(place, 'data'), 'serve', '--bind', '127.0.0.1:0'];
    const child = spawn(process.execPath, [...(await commandLine()), ...args], { cwd: root });
    try {
      let output = '';
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const address = (): string | undefined => /Answering on (http\S+)\s/u.exec(output)?.[1];
      while (!address()) {
        if (child.exitCode !== null) throw new Error(output);
        await sleep(20);
      }
      // A model is loaded for the first request, which may take longer than a step.
      const first = {
        method: 'POST',
        body: readFileSync(photo('rocket.jpg')),
        headers: { 'content-type': 'image/jpeg' },
      };
      expect((await fetch(`${address()}/predict`, first)).status).toBe(200);
      const folder = path.join(place, 'report');
      const tested = { address: address()!, photo: photo('rocket.jpg'), folder, env, log: () => undefined };
      const { runs, file } = await loadTest(tested);
      const [autocannon, ...others] = runs;
      expect(autocannon?.program).toBe('autocannon');
      const played = [autocannon!, ...others.filter(({ left }) => left === undefined)];
      const page = readFileSync(file, 'utf8');
      expect(page).not.toMatch(/(?:src|href)=/u);
      for (const { program, steps } of played) {
        expect(
          steps.map(({ name }) => name),
          program,
        ).toEqual(names);
        for (const { answered, failed, p50, p99, rate } of steps) {
          expect(answered).toBeGreaterThan(0);
          expect(failed).toBe(0);
          expect(p99).toBeGreaterThanOrEqual(p50!);
          expect(page).toContain(`<td>${rate.toLocaleString('en', { maximumFractionDigits: 1 })}</td>`);
        }
      }
    } finally {
      const end = once(child, 'exit');
      child.kill('SIGTERM');
      await end;
    }
  });

  it('is bounded', () => {
    expect(scenario({}).steps.map(({ name }) => name)).toEqual(names);
    expect(() => scenario({ LOADTEST_USERS: '1000000' })).toThrow('from 1 to 1000');
    expect(() => scenario({ LOADTEST_SECONDS: 'long' })).toThrow('LOADTEST_SECONDS');
  });

  it('reads the table that JMeter writes, and its plan has the same steps', () => {
    const table = `timeStamp,elapsed,label,responseCode,responseMessage,success
1,10,steady,200,OK,true
1,30,steady,200,OK,true
1,5,steady,503,busy,false
`;
    expect(readJtl(table, scenario({}).steps)).toMatchObject([
      { name: 'steady', answered: 2, failed: 1, refused: 1, p50: 10, p99: 30 },
    ]);
    const plan = readFileSync(path.join(root, 'loadtest', 'outpost.jmx'), 'utf8');
    expect(
      [...plan.matchAll(/testclass="ThreadGroup" testname="([^"]+)"/gu)].map(([, name]) => name),
    ).toEqual(names);
  });
});
