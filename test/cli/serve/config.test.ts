import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { bindOf, isInside } from '../../../main/cli/serve/bind.ts';
import { readServeConfig } from '../../../main/cli/serve/read-config.ts';
import { newFolder } from '../../temp/folder.ts';

const folder = newFolder('config');
afterEach(() => {
  for (const name of Object.keys(process.env))
    if (/^OUTPOST_(?:WORKERS|BIND|LOAD|CONFIG|TOKEN_FILE)$/u.test(name)) delete process.env[name];
});
async function read(yaml: string | Uint8Array, options: Record<string, unknown> = {}) {
  const config = path.join(folder, 'serve.yaml');
  writeFileSync(config, yaml);
  const outcome = await readServeConfig({ config, ...options });
  return outcome.ok ? outcome.value : String(outcome.fault.params['reason']);
}

describe('a config file', () => {
  it('numbers that YAML makes of ports, sizes and hosts are taken', async () => {
    expect(
      await read(
        'bind: 8651\ngrpc-bind: 9000\nmax-body: 1000000\nload: 7\nallowed-host: [10, 10.5]\nshared-below: 0\nworkers: "2"',
      ),
    ).toMatchObject({
      bind: '8651',
      'grpc-bind': '9000',
      'max-body': '1000000',
      load: ['7'],
      'allowed-host': ['10', '10.5'],
      'shared-below': '0',
      workers: 2,
    });
  });

  it('a key without a value says nothing', async () => {
    const empty = await read('token-file:\nallowed-host:\nload:\ncors-origin: []\nworkers:\n');
    const nothing = await read('');
    expect(empty).toEqual(nothing);
    expect(nothing).toMatchObject({ workers: 'auto', load: ['all'] });
  });

  it('marks, UTF-16 and CRLF are read; Windows-1252 is refused by line', async () => {
    const yaml = '\ufeffworkers: 1\r\nload: tensor-demo\r\n';
    const wanted = { workers: 1, load: ['tensor-demo'] };
    expect(await read(yaml)).toMatchObject(wanted);
    expect(await read(Buffer.from(yaml, 'utf16le'))).toMatchObject(wanted);
    expect(await read(Buffer.from('workers: 1\n# für alle\n', 'latin1'))).toContain('byte FC in line 2');
  });

  it('a key with underscores is named as it is written', async () => {
    expect(await read('max_requests: 100')).toBe('there is no max_requests; it is written max-requests');
    expect(await read('colour: red')).toBe('there is no colour');
  });

  it('a variable of the environment that is empty counts as unset', async () => {
    process.env['OUTPOST_WORKERS'] = '';
    process.env['OUTPOST_LOAD'] = '';
    process.env['OUTPOST_TOKEN_FILE'] = '';
    expect(await read('workers: 3')).toMatchObject({ workers: 3, load: ['all'] });
    process.env['OUTPOST_CONFIG'] = '';
    const outcome = await readServeConfig({});
    expect(outcome.ok && outcome.value.workers).toBe('auto');
  });
});

describe('where to listen', () => {
  it.each([
    ['8501', '127.0.0.1:8501', true],
    [':8501', '0.0.0.0:8501', false],
    ['localhost', 'localhost:8501', true],
    ['http://127.0.0.1:9000', '127.0.0.1:9000', true],
    ['http://localhost:9000/', 'localhost:9000', true],
    ['tcp://0.0.0.0:80', '0.0.0.0:80', false],
    ['[::1]:8501', '[::1]:8501', true],
    ['[::1]', '[::1]:8501', true],
    ['::1', '[::1]:8501', true],
    ['unix:/run/outpost.sock', 'unix:/run/outpost.sock', true],
  ])('%s is %s', async (given, bind, inside) => {
    expect([bindOf(given), isInside(bindOf(given))]).toEqual([bind, inside]);
    expect(await read('', { bind: given })).toMatchObject({ bind: given });
  });

  it.each([
    ['https://localhost:8501', /TLS is not spoken here/u],
    ['localhost:99999', /there is no port 99999/u],
    ['http://localhost:8501/path', /host:port/u],
    ['unix:', /path of a socket/u],
  ])('%s is refused with its reason', async (given, reason) => {
    expect(await read('', { bind: given })).toMatch(reason);
  });
});
