// `npm run loadtest [ADDRESS] [--only autocannon|locust|jmeter]`: plays the scenario of loadtest/ with every program that is installed, and writes
// test-results/loadtest/index.html. Without an address a server of this checkout is started for it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readJtl } from '../loadtest/jmeter.mjs';
import { reportPage } from '../loadtest/report.mjs';
import { scenario } from '../loadtest/scenario.mjs';
import { playSteps } from '../loadtest/steps.mjs';
import { root } from './setup/paths.mjs';

/**
 * Plays everything against the address and writes the report. Returns the runs and the report's file.
 * @typedef {{ name: string, users: number, seconds: number, answered: number, failed: number, refused: number,
 *   rate: number, p50: number | null, p90: number | null, p99: number | null, max: number | null }} Figures
 * @param {{ address: string, photo: string, folder: string, only?: string, env?: NodeJS.ProcessEnv,
 *   log?: (text: string) => void }} asked
 * @returns {Promise<{ runs: { program: string, steps: Figures[], left?: string, missing?: string[], isSilent?: boolean }[], file: string }>}
 */
export async function loadTest({ address, photo, folder, only, env = process.env, log = console.log }) {
  mkdirSync(folder, { recursive: true });
  await ready({ address, photo, env });
  const asked = { address, photo, folder, env };
  const runs = [];
  for (const [program, play] of Object.entries({
    autocannon: playAutocannon,
    Locust: playLocust,
    JMeter: playJmeter,
  })) {
    if (only !== undefined && only !== program.toLowerCase()) continue;
    const run = withSamples(await play(asked), scenario(env).steps);
    runs.push({ program, ...run });
    if (run.left) log(`${program}: left out, ${run.left}`);
    if (run.missing) log(`${program}: no sample in ${run.missing.join(', ')}`);
    for (const { name, users, answered, failed, rate, p50, p99 } of run.steps)
      log(
        `${program} ${name}: ${users} users, ${answered} answered, ${failed} failed, ${rate.toFixed(1)}/s, p50 ${whole(p50)} ms, p99 ${whole(p99)} ms`,
      );
  }
  const file = path.join(folder, 'index.html');
  const machine = `${cpus()[0]?.model.trim() ?? 'a processor'}, ${availableParallelism()} cores`;
  const at = new Date().toISOString();
  writeFileSync(file, reportPage({ address, at, runs, machine }));
  writeFileSync(
    path.join(folder, 'results.json'),
    `${JSON.stringify({ address, at, machine, runs }, null, 2)}\n`,
  );
  return { runs, file };
}

/**
 * A program that ran and gave no sample measured nothing: that is said and counts as a failure, with what it printed. So
 * are steps that have none while others do.
 */
export function withSamples({ output = '', ...run }, steps) {
  if (run.left) return run;
  const counted = new Set(
    run.steps.filter(({ answered, failed }) => answered + failed > 0).map(({ name }) => name),
  );
  if (counted.size === 0)
    return { steps: [], left: `it gave no sample${output && ` and said: ${output}`}`, isSilent: true };
  const missing = steps.filter(({ name }) => !counted.has(name)).map(({ name }) => name);
  return missing.length > 0 ? { ...run, missing, isSilent: true } : run;
}

/** Waits for the first good answer: a step is no measure of how long a model takes to load. */
async function ready({ address, photo, env }) {
  const url = new URL(scenario(env).path, address);
  const token = env.LOADTEST_TOKEN;
  const headers = { 'content-type': 'image/jpeg', ...(token && { authorization: `Bearer ${token}` }) };
  const body = readFileSync(photo);
  let last = '';
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(200)) {
    const answer = await fetch(url, { method: 'POST', headers, body }).catch((error) => error);
    if (answer.ok) return void (await answer.arrayBuffer());
    last = answer instanceof Error ? (answer.cause?.message ?? answer.message) : await answer.text();
  }
  throw new Error(`No good answer from ${url.href} within a minute: ${last}`);
}

async function playAutocannon({ address, photo, env }) {
  const steps = [];
  for await (const step of playSteps({ address, photo, token: env.LOADTEST_TOKEN, env })) steps.push(step);
  return { steps };
}

async function playLocust({ address, photo, folder, env }) {
  const program = env.LOADTEST_LOCUST ?? 'locust';
  if (!isThere(program)) return { steps: [], left: 'not installed (pip install locust)' };
  const results = path.join(folder, 'locust.jsonl');
  rmSync(results, { force: true });
  const file = path.join(root, 'loadtest', 'locustfile.py');
  const args = ['-f', file, '--headless', '--only-summary', '--host', address, '--exit-code-on-error', '0'];
  const output = await run(program, args, { ...env, LOADTEST_RESULTS: results, LOADTEST_PHOTO: photo });
  if (!existsSync(results)) return { steps: [], output };
  return {
    output,
    steps: readFileSync(results, 'utf8')
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
  };
}

async function playJmeter({ address, photo, folder, env }) {
  const program = env.LOADTEST_JMETER ?? 'jmeter';
  if (!isThere(program)) return { steps: [], left: 'not installed (jmeter.apache.org)' };
  const results = path.join(folder, 'jmeter.jtl');
  rmSync(results, { force: true });
  const { hostname, port, protocol } = new URL(address);
  const { path: asked, steps, users, seconds, soakSeconds, spike } = scenario(env);
  const values = {
    host: hostname,
    port: port || (protocol === 'https:' ? '443' : '80'),
    protocol: protocol.slice(0, -1),
    path: asked,
    photo,
    users,
    ramp1: steps[0].users,
    ramp2: steps[1].users,
    spike: users * spike,
    seconds,
    soak: soakSeconds,
    token: env.LOADTEST_TOKEN ?? '',
  };
  const args = ['-n', '-t', path.join(root, 'loadtest', 'outpost.jmx'), '-l', results];
  for (const [name, value] of Object.entries(values)) args.push(`-J${name}=${value}`);
  args.push('-Jjmeter.save.saveservice.output_format=csv');
  const output = await run(program, args, env);
  if (!existsSync(results)) return { steps: [], output };
  return { output, steps: readJtl(readFileSync(results, 'utf8'), steps) };
}

const whole = (ms) => (ms === null ? '–' : Math.round(ms));
const isThere = (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;

/** Runs to the end; returns the last lines of what it said. */
function run(program, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', () => resolve(output.trim().split('\n').slice(-5).join(' ')));
  });
}

/** A server of this checkout on a free port, with a data folder that ends with it. */
async function startServer() {
  const data = mkdtempSync(path.join(tmpdir(), 'outpost-loadtest-'));
  const args = [path.join(root, 'tools', 'outpost.mjs'), '--data', data, 'serve', '--bind', '127.0.0.1:0'];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const address = await new Promise((resolve, reject) => {
    let output = '';
    child.stderr.on('data', (chunk) => {
      output += chunk;
      const found = /Answering on (http\S+?)(?:,|\s)/u.exec(output);
      if (found) resolve(found[1]);
    });
    void ended.then(() => reject(new Error(`The server did not start: ${output}`)));
  });
  return {
    address,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    options: { only: { type: 'string' } },
    allowPositionals: true,
  });
  const [given] = positionals;
  if (given && !/^https?:\/\//u.test(given)) {
    console.error(
      `${given} is no address of a server. Give one such as http://10.0.0.7:8501, or none to start a server here.`,
    );
    process.exit(2);
  }
  const server = given ? null : await startServer();
  try {
    const { file, runs } = await loadTest({
      address: given ?? server.address,
      photo: path.join(root, 'test', 'fixtures', 'photos', 'rocket.jpg'),
      folder: path.join(root, 'test-results', 'loadtest'),
      only: values.only,
    });
    console.log(`Report: ${path.relative(process.cwd(), file)}`);
    // Refusals under the spike are what a full server should say; anything else that failed is a failure.
    const isBad = runs.some(
      ({ steps, isSilent }) => isSilent || steps.some(({ failed, refused }) => failed > refused),
    );
    process.exitCode = isBad ? 2 : 0;
  } finally {
    await server?.close();
  }
}
