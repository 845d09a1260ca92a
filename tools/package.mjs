// `npm run package`: makes what can be made of Outpost on this system. `node tools/package.mjs dir deb --out FOLDER` for
// a part, elsewhere. Nothing is fetched meanwhile, and nothing is published.
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt } from './build.mjs';
import { checkArchive, checkDeb, checkFolder, checkRpm } from './package/check.mjs';
import { configurationFor } from './package/configuration.mjs';
import { ensureTools } from './package/tools.mjs';
import { ensureReady, runTool } from './setup/index.mjs';
import { root } from './setup/paths.mjs';
import { SetupError, seconds } from './setup/report.mjs';

const usual = {
  linux: ['dir', 'tar.gz', 'deb', 'rpm'],
  darwin: ['dir', 'dmg', 'zip'],
  win32: ['dir', 'nsis'],
};
const checks = { 'tar.gz': checkArchive, deb: checkDeb, rpm: checkRpm };

await runTool(async () => {
  const { targets, out } = parseTargets(process.argv.slice(2));
  const { runtime } = await ensureReady({ display: 'own' });
  console.log('\nPackage');
  await timed('build', async () => ((await ensureBuilt()) ? 'done' : 'is current'));
  await timed('tools', () => ensureTools(targets, runtime.dist !== undefined));
  const builder = await import('electron-builder');
  const { configuration, file: config, dispose } = await configurationFor(runtime, out);
  const make = (options) => builder.build({ config, publish: 'never', ...options });
  try {
    await timed('dir', async () => {
      await make(wanted(builder, 'dir'));
    });
    const folder = unpackedFolder(out);
    await timed('check', () => checkFolder(folder, configuration));
    for (const target of targets.filter((name) => name !== 'dir'))
      await timed(target, async () => {
        // The builder leaves here what kind of package it made last, and the next one would believe it.
        for (const name of ['package-type', 'app-update.yml', 'apparmor-profile'])
          rmSync(path.join(folder, 'resources', name), { force: true });
        const [file] = (await make({ ...wanted(builder, target), prepackaged: folder })).filter((made) =>
          made.endsWith(path.extname(target) || target),
        );
        if (checks[target]) await checks[target](file);
        return `${path.relative(process.cwd(), file)}, ${(statSync(file).size / 1e6).toFixed(1)} MB`;
      });
  } finally {
    dispose();
  }
  if (runtime.dist)
    console.log(
      `\nMade over Electron ${runtime.version}, the fallback for development and tests: for trying out, not for giving away.`,
    );
});

function parseTargets(args) {
  const at = args.indexOf('--out');
  const out = at < 0 ? path.join(root, 'dist') : path.resolve(args[at + 1]);
  const named = at < 0 ? args : args.toSpliced(at, 2);
  const known = usual[process.platform] ?? [];
  const unknown = named.find((name) => !known.includes(name));
  if (unknown) {
    throw new SetupError(
      `No target ${unknown}.`,
      `on this system there are: ${known.join(', ')}`,
      'Name one of them.',
    );
  }
  mkdirSync(out, { recursive: true });
  return { targets: named.length > 0 ? named : known, out };
}

function wanted({ Platform, Arch }, target) {
  return { targets: Platform.current().createTarget([target], Arch[process.arch]) };
}

function unpackedFolder(out) {
  const names = readdirSync(out).filter((name) => name.endsWith('-unpacked') || /^mac(-|$)/.test(name));
  if (names.length !== 1) throw new Error(`expected one unpacked folder, found: ${names.join(', ')}`);
  return path.join(out, names[0]);
}

async function timed(name, work) {
  const begun = performance.now();
  const text = (await work()) ?? 'done';
  console.log(`  ${name.padEnd(10)} ${text} (${seconds(performance.now() - begun)})`);
}
