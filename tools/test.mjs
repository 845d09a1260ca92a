// `npm test`: everything. `node tools/test.mjs --only lint,types,unit` for a part, `--verbose` for the tools' own words,
// `--long` (`npm run test:long`) for all of the drills of which the usual run takes a part.
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { ensureBuilt } from './build.mjs';
import { openTemp, reportsSince, withLeftovers } from './checks/leftovers.mjs';
import { cruiseRooms, summariseRooms } from './checks/rooms.mjs';
import { prettierOptions, programs, sumPlaywright, sumVitest, withReportFile } from './checks/runners.mjs';
import { listFailures, withSecondRound } from './checks/second-round.mjs';
import { windowPlace } from './checks/window.mjs';
import { ensureReady, runTool } from './setup/index.mjs';
import { root } from './setup/paths.mjs';
import { seconds } from './setup/report.mjs';
import { run } from './setup/run.mjs';

const argv = process.argv.slice(2);
const verbose = argv.includes('--verbose');
const only = argv.includes('--only') ? (argv[argv.indexOf('--only') + 1] ?? '').split(',') : undefined;
const limitMs = 45 * 60_000;
// A test of a window waits for a third of its time.
const windowsAtOnce =
  process.platform === 'linux' ? Math.min(4, Math.max(2, Math.ceil(availableParallelism() * 1.5))) : 2;
// Inherited by the tests and the programs that they start.
if (argv.includes('--long')) process.env.OUTPOST_TEST_LONG = '1';

const steps = {
  format: () => check([programs.prettier, '--check', ...prettierOptions]),
  lint: () => check([programs.oxlint, '--type-aware', '--deny-warnings', '.']),
  rooms,
  types,
  build,
  unit: () => vitest('unit-together', 'unit-apart'),
  'in-process': () => vitest('in-process'),
  flow: () => vitest('flow', 'flow-alone'),
  window: windows,
  package: () => vitest('package'),
};

await runTool(async () => {
  const names = Object.keys(steps).filter((name) => !only || only.includes(name));
  if (names.length === 0 || only?.some((name) => !(name in steps))) {
    console.error(`--only takes: ${Object.keys(steps).join(', ')}`);
    return 2;
  }
  const wantsWindow = names.includes('window') || names.includes('package');
  const { runtime } = await ensureReady({ electron: !only || wantsWindow, display: 'virtual' });
  console.log('\nTests');
  const all = [];
  const inTurn = async (some) => {
    for (const name of names.filter((each) => some.includes(each)))
      all.push(await timed(name, () => steps[name](runtime)));
  };
  // The formatter keeps one core busy for as long as the other checks of the sources take.
  const besideFormat = ['lint', 'rooms', 'types'];
  await Promise.all([inTurn(['format']), inTurn(besideFormat)]);
  // A package is made and installed while windows wait.
  const atEnd = ['window', 'package'];
  await inTurn(names.filter((name) => ![...besideFormat, ...atEnd, 'format'].includes(name)));
  await Promise.all(atEnd.map((name) => inTurn([name])));
  const total = addUp(all);
  console.log(listFailures(all));
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
});

async function timed(name, work) {
  const begun = performance.now();
  let sums;
  try {
    sums = await work();
  } catch (error) {
    sums = { passed: 0, failed: 1, output: error.stack ?? String(error) };
  }
  const failures = sums.failures ?? [];
  // Failures that are no single test (types, leftovers) are listed under the name of their kind.
  if (sums.failed > failures.length) sums = { ...sums, failures: [...failures, { file: 'npm test', name }] };
  const skipped = sums.skipped ? `, ${sums.skipped} skipped` : '';
  const alone = sums.alone?.length > 0 ? `, ${sums.alone.length} of them only when run alone` : '';
  const note = `${alone}${sums.note ? ` · ${sums.note}` : ''}`;
  if (sums.failed > 0 && sums.output && !verbose) console.log(sums.output.trimEnd());
  const time = seconds(performance.now() - begun);
  console.log(`  ${name.padEnd(10)} ${sums.passed} passed, ${sums.failed} failed${skipped}${note} (${time})`);
  return sums;
}

async function node(args, options = {}) {
  return run(process.execPath, args, { cwd: root, echo: verbose, timeout: limitMs, ...options });
}

/** A tool that answers yes or no counts as one check. */
async function check(args) {
  const { code, output, error } = await node(args);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, output: error?.message ?? output };
}

async function rooms() {
  const { ok, text, modules } = summariseRooms(await cruiseRooms());
  return ok ? { passed: 1, failed: 0, note: `${modules} modules` } : { passed: 0, failed: 1, output: text };
}

/** Each room family is its own program: one that held both sides would lend Node's globals to everyone. */
async function types() {
  const projects = readdirSync(root).filter((name) => /^tsconfig\.(?!base)\w+\.json$/.test(name));
  const results = await Promise.all(
    projects.map((name) => node([programs.tsc, '-p', name, '--pretty', 'false'])),
  );
  const bad = results.filter((result) => result.code !== 0);
  const output = bad.map((result) => result.error?.message ?? result.output).join('\n');
  return bad.length === 0
    ? { passed: 1, failed: 0, note: `${projects.length} projects` }
    : { passed: 0, failed: 1, output };
}

async function build() {
  await ensureBuilt({ log: console.log });
  return { passed: 1, failed: 0 };
}

async function vitest(...projects) {
  await ensureBuilt();
  const begun = Date.now();
  const temp = openTemp();
  try {
    const env = { ...process.env, ...temp.env };
    const named = projects.flatMap((project) => ['--project', project]);
    const first = await vitestOnce(named, env);
    const sums = await withSecondRound(first, (files) =>
      vitestOnce([...named, '--no-file-parallelism', ...files], env),
    );
    return withLeftovers(sums, [...(await temp.left()), ...reportsSince(begun)]);
  } finally {
    temp.remove();
  }
}

async function vitestOnce(args, env) {
  return withReportFile(async (file) => {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const result = await node([programs.vitest, 'run', ...reporters, ...args], { env });
    return { ...sumVitest(file, result.code), output: result.error?.message ?? result.output };
  });
}

async function windows(runtime) {
  await ensureBuilt();
  const begun = Date.now();
  const place = await windowPlace(runtime);
  try {
    const sums = await withSecondRound(await windowsOnce(place, windowsAtOnce, []), (files) =>
      windowsOnce(place, 1, files),
    );
    const note = `as ${place.who}, Chromium sandbox ${place.sandbox ? 'on' : 'off: this machine does not allow it'}`;
    const whole = { ...sums, note: [sums.note, note].filter(Boolean).join(', ') };
    return withLeftovers(whole, await place.left(begun));
  } finally {
    place.dispose();
  }
}

/** Files of tests in as many processes, each with a screen of its own: one window of a screen has the focus. */
async function windowsOnce(place, atOnce, files) {
  const { env, resultsFile } = place.part(atOnce);
  const args = [programs.playwright, 'test', `--workers=${atOnce}`, ...files];
  const result = await place.start(args, { env, screens: atOnce, echo: verbose, timeout: limitMs });
  return { ...sumPlaywright(resultsFile, result.code), output: result.error?.message ?? result.output };
}

function addUp(sums) {
  const of = (name) => sums.reduce((total, each) => total + (each[name] ?? 0), 0);
  const joined = (name, by) =>
    sums
      .map((each) => each[name])
      .filter(Boolean)
      .join(by);
  return {
    passed: of('passed'),
    failed: of('failed'),
    skipped: of('skipped'),
    failures: sums.flatMap((each) => each.failures ?? []),
    note: joined('note', ', '),
    output: joined('output', '\n'),
  };
}
