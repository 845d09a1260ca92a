import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import { elementTypes } from '../../contract/tensors/tensor.ts';
import { find } from '../../tools/need.mjs';
import { pythonWith } from '../../tools/python.mjs';
import { inLong, isLong } from '../long.ts';
import { writeEchoPacks } from '../http/oip-grpc/fixture.ts';
import { writeIdentities } from './clients-models.ts';
import { photo, root } from './cli-process.ts';
import { endAll, startServe } from './serve-process.ts';
import type { Serve } from './serve-process.ts';
import { newFolder } from '../temp/folder.ts';

type OpenApi = {
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly parameters?: readonly { readonly name: string; readonly example?: string }[];
        readonly post?: {
          readonly requestBody?: {
            readonly content: Readonly<Record<string, { readonly example?: unknown }>>;
          };
        };
      }
    >
  >;
};

/* Programs of other people, as they are published, against `outpost serve` as a user starts it. */

const clients = path.join(root, 'test', 'clients');
const picture = photo('coffee.png');
/** Two animals and two people. */
const sheet = path.join(root, 'models', 'camera-triage', 'samples', 'sheet.jpg');
const token = `outpost_${'t'.repeat(43)}`;
/** NumPy has no bfloat16, and so none of the clients has tables of it. */
const packs = writeEchoPacks(elementTypes.filter((type) => type !== 'bfloat16'));
const identities = writeIdentities();
const documents = newFolder('documents');
const setUp = { python: null as string | null, reason: '' };
/** The usual run makes up fewer requests to each operation, and behind a token walks through no sequences of them. */
const fewer = (examples: number): readonly string[] => (isLong ? [] : ['--max-examples', String(examples)]);
const fewerPhases = isLong ? [] : ['--phases', 'examples,fuzzing'];

beforeAll(async () => {
  const reported: string[] = [];
  const requirements = path.join(clients, 'requirements.txt');
  setUp.python = await pythonWith(requirements, (line: string) => reported.push(line.trim()));
  setUp.reason = reported.join('; ');
  if (setUp.python === null) process.stderr.write(`${setUp.reason}\n`);
}, 300_000);
afterAll(async () => {
  await endAll();
});

describe.each([['in-process'], ['isolated']])('public clients, %s', (inference) => {
  let serve: Serve;
  let grpc: string;
  beforeAll(async () => {
    const folders = [`${root}/models`, packs, identities].flatMap((folder) => ['--models', folder]);
    const address = ['--grpc-bind', '127.0.0.1:0'];
    const mode = ['--control', '--inference', inference, '--workers', '1'];
    serve = await startServe([...folders, ...address, ...mode]);
    await serve.until('Ready after');
    grpc = /gRPC on (?:\w+:\/\/)?(\S+)/u.exec(serve.output())![1]!;
  });
  afterAll(() => serve.end());

  test('tritonclient[http]', async (context) => {
    const output = await python(context, ['oip_http.py', serve.url, picture, sheet]);
    expect(output.match(/: ok$/gmu)).toHaveLength(16);
  });

  test('tritonclient[grpc]', async (context) => {
    const output = await python(context, ['oip_grpc.py', grpc, picture, sheet]);
    expect(output.match(/: ok$/gmu)).toHaveLength(13);
  });

  test('the REST client of kserve', async (context) => {
    const output = await python(context, ['kserve_rest.py', serve.url, picture]);
    expect(output.match(/: ok$/gmu)).toHaveLength(9);
  });

  test("requests, as for TensorFlow Serving's REST API", async (context) => {
    expect(await python(context, ['tfs_rest.py', serve.url, picture, sheet])).toMatch(/^ok$/mu);
  });

  test.for(['triton-http', 'triton-grpc', 'kserve', 'json'])(
    'every datatype by a bare ONNX file of its own, %s',
    async (kind, context) => {
      const address = kind === 'triton-grpc' ? grpc : serve.url;
      expect(await python(context, ['identities.py', kind, address])).toMatch(/: ok$/mu);
    },
  );

  test('prometheus_client', async (context) => {
    const output = await python(context, ['metrics.py', serve.url]);
    expect(output.match(/: ok$/gmu)).toHaveLength(2);
  });

  test('schemathesis finds nothing', { timeout: 180_000 }, (context) =>
    schemathesis(context, serve, { more: fewer(4), least: inLong(1_000, 200) }),
  );
});

/** The lines of a document that a reader is told to paste into a terminal, each with the server's address in it. */
function pasted(file: string, url: string): readonly string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(/^ *```sh\n([^]*?)^ *```/gmu)].map(([, lines]) =>
    lines!.trim().replaceAll('http://127.0.0.1:8501', url),
  );
}

describe('behind a token, as docs/api.md has it', () => {
  let guarded: Serve;
  beforeAll(async () => {
    copyFileSync(photo('chelsea.png'), path.join(documents, 'chelsea.png'));
    const file = path.join(documents, 'tokens');
    writeFileSync(file, `reader:${token}\n`);
    chmodSync(file, 0o600);
    guarded = await startServe(['--token-file', file, '--workers', '1']);
    await guarded.until('Ready after');
  });

  test('the examples of the OpenAPI document are answered', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${guarded.url}/openapi.json`, { headers });
    const { paths } = (await response.json()) as OpenApi;
    const asked = Object.entries(paths).flatMap(([path, { parameters = [], post }]) => {
      const body = post?.requestBody?.content['application/json']?.example;
      const filled = parameters.reduce(
        (text, { name, example }) => text.replace(`{${name}}`, example ?? ''),
        path,
      );
      return body === undefined ? [] : [{ path: filled, body: JSON.stringify(body) }];
    });
    expect(asked.length).toBe(5);
    for (const { path, body } of asked) {
      const answer = await fetch(guarded.url + path, { method: 'POST', headers, body });
      expect([path, answer.status]).toEqual([path, 200]);
    }
  });

  // The same server as above but for the token: what its bodies may hold is gone through there, and here in the long run.
  test('schemathesis finds no way around the token', { timeout: 180_000 }, (context) =>
    schemathesis(context, guarded, {
      more: [...fewer(3), '-H', `Authorization: Bearer ${token}`, ...fewerPhases],
      least: inLong(1_000, 40),
    }),
  );

  // What asks the person at the window has a test of its own.
  const lines = pasted('docs/api.md', 'URL').filter((line) => !line.includes('/access'));
  test.for(lines)('%s', async (line, context) => {
    const program = line.split(' ')[0]!;
    const found = program === 'Rscript' ? rscript() : find(program);
    if ('reason' in found) return leaveOut(context, found.reason);
    const command = line.replaceAll('URL', guarded.url);
    const asked = { cwd: documents, env: { ...process.env, OUTPOST_TOKEN: token } };
    const output = await run('sh', ['-ec', command], asked);
    expect(output).toMatch(
      line.includes('/predict') ? /tabby|tiger cat|Egyptian cat/u : /"datatype": ?"INT64"/u,
    );
  });
  test('there are such lines', () => expect(lines.length).toBeGreaterThanOrEqual(5));
});

/** Needs at least so many requests that were made up, beside those of the document. */
async function schemathesis(
  context: TestContext,
  { url }: Serve,
  { more, least }: { readonly more: readonly string[]; readonly least: number },
): Promise<void> {
  const config = ['--config-file', path.join(clients, 'schemathesis.toml'), '--no-color'];
  const command = ['-c', 'from schemathesis.cli import schemathesis; schemathesis()', ...config];
  const output = await python(context, [...command, 'run', `${url}/openapi.json`, ...more], documents);
  expect(output).toContain('No issues found');
  expect(Number(/(\d+) generated/u.exec(output)?.[1])).toBeGreaterThan(least);
}

async function python(
  context: TestContext,
  [script, ...args]: readonly string[],
  cwd: string = root,
): Promise<string> {
  if (setUp.python === null) return leaveOut(context, setUp.reason);
  const program = script!.endsWith('.py') ? path.join(clients, script!) : script!;
  return run(setUp.python, [program, ...args], { cwd, env: { ...process.env, PYTHONUTF8: '1' } });
}

/** What a program wrote; when it failed, that is the test's failure. */
async function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<string> {
  const child = spawn(program, [...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0)
    throw new Error(`${path.basename(args[0] ?? program)} ended with ${String(code)}:\n${output}`);
  return output;
}

function leaveOut(context: TestContext, reason: string): never {
  process.stderr.write(`left out: ${context.task.name}: ${reason}\n`);
  return context.skip(reason);
}

/** R is large: used where it is, never installed for this. */
function rscript(): { readonly path: string } | { readonly reason: string } {
  const places = (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, 'Rscript'));
  const found = places.find((place) => existsSync(place));
  return found === undefined ? { reason: 'Rscript is not installed' } : { path: found };
}
