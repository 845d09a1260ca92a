// `node tools/gpu-check.mjs [--models FOLDER]`: shows on a machine with a GPU what Outpost itself chooses there, in under eight minutes.
// Every provider is proved on the golden samples and timed against the CPU, the choice is shown by a prediction, and then the driver is broken
// on purpose: the same question has to be answered by the CPU. Writes test-results/gpu-check.json; exit code 1 when something is not as it has to be.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { root } from './setup/paths.mjs';

const allMs = 8 * 60_000;
/** Hides every GPU from a process without changing which drivers are installed. */
const broken = { CUDA_VISIBLE_DEVICES: '', VK_LOADER_DRIVERS_DISABLE: '*' };
const begun = performance.now();
const leftMs = () => Math.max(1_000, allMs - (performance.now() - begun));
const seconds = () => `${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s`;
const print = (text) => console.log(`${seconds()}  ${text}`);

const { values } = parseArgs({ options: { models: { type: 'string' } } });
const data = mkdtempSync(path.join(tmpdir(), 'outpost-gpu-'));
const common = ['--data', data, ...(values.models ? ['--models', path.resolve(values.models)] : [])];
const problems = [];

/** One command of Outpost; a command that takes longer than is left is ended. */
function outpost(args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(root, 'tools', 'outpost.mjs'), ...args, ...common], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: Math.round(leftMs()),
      killSignal: 'SIGTERM',
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

async function doctor() {
  const { code, out, err } = await outpost(['doctor', '--json']);
  try {
    return JSON.parse(out);
  } catch {
    throw new Error(`doctor gave no report (exit code ${code}): ${err.slice(-500)}`);
  }
}

/** Which provider answered a sample photo of the model, and in how many milliseconds; or the fault. */
async function predict(model, env = {}) {
  const photo = path.join(root, 'models', 'efficientnet-lite0', 'samples', 'chelsea.png');
  const asked = ['predict', photo, '--model', model, '--variant', 'fp32', '--no-cache', '--format', 'jsonl'];
  const { out, err } = await outpost(asked, env);
  const record = JSON.parse(out.trim().split('\n')[0] || '{}');
  return record.provider
    ? { provider: record.provider, runMs: record.runMs }
    : { fault: record.fault ?? err.trim().slice(-300) };
}

/** As if the provider had been proved the fastest here: what Outpost remembers of a day on which the driver worked. */
function pretendChosen(model, provider) {
  const db = new Database(path.join(data, 'outpost.db'));
  try {
    const verdict = { kind: 'chosen', reason: 'pretended by gpu-check', ms: 1 };
    const report = JSON.stringify({ provider, model, at: new Date().toISOString(), verdict });
    db.prepare('UPDATE provider_reports SET report = ? WHERE provider = ? AND model = ?').run(
      report,
      provider,
      model,
    );
  } finally {
    db.close();
  }
}

function verdictText({ kind, reason, ms, cpuMs }) {
  const times =
    ms === undefined
      ? ''
      : `${ms.toFixed(1)} ms${cpuMs ? `, CPU ${cpuMs.toFixed(1)} ms (${(cpuMs / ms).toFixed(2)} times as fast as the CPU)` : ''}`;
  return [kind, times, reason].filter(Boolean).join(' · ');
}

async function checkModel(model, reports) {
  const own = reports.filter((report) => report.model === model);
  const chosen = own.find(({ verdict }) => verdict.kind === 'chosen')?.provider ?? 'cpu';
  const result = { model, chosen, answered: await predict(model), broken: [] };
  print(
    `${model}: chosen ${chosen}, answered by ${result.answered.provider ?? JSON.stringify(result.answered.fault)}`,
  );
  if (result.answered.provider !== chosen) problems.push(`${model} was to be answered by ${chosen}`);
  for (const { provider, verdict } of own) {
    if (provider === 'cpu' || verdict.kind === 'not-offered') continue;
    if (provider !== chosen) pretendChosen(model, provider);
    const answered = await predict(model, broken);
    result.broken.push({ provider, answered });
    print(
      `${model}: ${provider} broken on purpose, answered by ${answered.provider ?? JSON.stringify(answered.fault)}`,
    );
    if (answered.provider !== 'cpu')
      problems.push(`${model} was not answered by the CPU when ${provider} was broken`);
  }
  return result;
}

try {
  if (!existsSync(path.join(root, 'out', 'main', 'cli.js')))
    throw new Error('this checkout is not built: run `npm run build` first');
  print('proving every model on every provider (doctor) …');
  const health = await doctor();
  print(`${health.machine.cpu}, ${health.machine.cores} cores, ONNX Runtime ${health.versions.onnxruntime}`);
  for (const { model, provider, verdict } of health.providers)
    print(`${model} on ${provider}: ${verdictText(verdict)}`);
  for (const { ref, golden, fault } of health.packs) {
    print(
      `${ref}: ${golden ? `golden samples ${golden.passed} of ${golden.total} right on ${golden.provider}` : (fault?.message ?? 'no golden samples')}`,
    );
    if (fault || (golden && golden.passed < golden.total)) problems.push(`${ref} is not right here`);
  }
  if (health.providers.some(({ provider, verdict }) => provider === 'cuda' && verdict.kind === 'cannot-load'))
    print(
      'CUDA: its part of ONNX Runtime is fetched by `npm rebuild onnxruntime-node`, which needs a network.',
    );
  const models = [];
  for (const { ref, task } of health.packs)
    if (task === 'image-classification') models.push(await checkModel(ref, health.providers));
  mkdirSync(path.join(root, 'test-results'), { recursive: true });
  const file = path.join(root, 'test-results', 'gpu-check.json');
  writeFileSync(
    file,
    `${JSON.stringify({ health, models, problems, tookMs: Math.round(performance.now() - begun) }, null, 2)}\n`,
  );
  print(`written to ${path.relative(root, file)}`);
} catch (error) {
  problems.push(error.message);
} finally {
  rmSync(data, { recursive: true, force: true });
}
if (performance.now() - begun > allMs) problems.push('it took more than eight minutes');
for (const problem of problems) console.error(`NOT AS IT HAS TO BE: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
