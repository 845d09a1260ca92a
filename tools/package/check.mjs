import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { listPackage } from '@electron/asar';
import fuses from '@electron/fuses';
import { run } from '../setup/run.mjs';

// As the executable carries them: the digits.
const fuseStates = { true: '1'.charCodeAt(0), false: '0'.charCodeAt(0) };
const executables = { linux: 'outpost', darwin: 'Outpost.app/Contents/MacOS/Outpost', win32: 'Outpost.exe' };
const resourcesOf = { linux: 'resources', darwin: 'Outpost.app/Contents/Resources', win32: 'resources' };
const fuseNames = {
  runAsNode: 'RunAsNode',
  enableCookieEncryption: 'EnableCookieEncryption',
  enableNodeOptionsEnvironmentVariable: 'EnableNodeOptionsEnvironmentVariable',
  enableNodeCliInspectArguments: 'EnableNodeCliInspectArguments',
  enableEmbeddedAsarIntegrityValidation: 'EnableEmbeddedAsarIntegrityValidation',
  onlyLoadAppFromAsar: 'OnlyLoadAppFromAsar',
  loadBrowserProcessSpecificV8Snapshot: 'LoadBrowserProcessSpecificV8Snapshot',
  grantFileProtocolExtraPrivileges: 'GrantFileProtocolExtraPrivileges',
};

/** The folder that was made: fuses as asked, nothing that runs instead of the archive, and this system's natives only. */
export async function checkFolder(folder, { electronFuses }) {
  const wire = await fuses.getCurrentFuseWire(path.join(folder, executables[process.platform]));
  for (const [name, wanted] of Object.entries(electronFuses)) {
    const state = wire[fuses.FuseV1Options[fuseNames[name]]];
    assert.equal(state, fuseStates[wanted], `fuse ${name}`);
  }
  const resources = path.join(folder, resourcesOf[process.platform]);
  for (const name of ['app', 'default_app.asar']) assert.ok(!existsSync(path.join(resources, name)), name);
  assert.ok(existsSync(path.join(resources, 'app.asar')), 'app.asar');
  const top = new Set(listPackage(path.join(resources, 'app.asar')).map((name) => name.split(/[\\/]/)[1]));
  assert.deepEqual([...top].sort(), ['LICENSE', 'NOTICE', 'node_modules', 'out', 'package.json']);
  for (const entry of readdirSync('models', { withFileTypes: true }).filter((found) => found.isDirectory()))
    assert.ok(existsSync(path.join(resources, 'models', entry.name, 'manifest.json')), entry.name);
  const natives = nativesIn(path.join(resources, 'app.asar.unpacked'));
  const misfits = natives.filter((file) => !fits(file));
  assert.deepEqual(misfits, [], 'natives of other systems');
  assert.ok(
    natives.some((file) => file.includes('better-sqlite3')) && natives.some((file) => file.includes('onnx')),
  );
  return `${Object.keys(electronFuses).length} fuses as asked, ${natives.length} natives, all of this system`;
}

function nativesIn(folder) {
  return readdirSync(folder, { recursive: true }).filter((name) =>
    /\.(node|dll|dylib|so(\.\d+)*)$/.test(name),
  );
}

function fits(file) {
  const others = ['linux', 'darwin', 'win32'].filter((name) => name !== process.platform);
  const otherArch = process.arch === 'x64' ? 'arm64' : 'x64';
  const parts = file.split(/[\\/.-]/);
  return !parts.some((word) => [...others, 'linuxmusl', otherArch].includes(word));
}

export async function checkArchive(file) {
  const { stdout } = await run('tar', ['-tzf', file]);
  const names = stdout.split('\n');
  assert.ok(
    names.some((name) => name.endsWith('/bin/outpost')),
    'the command is in the archive',
  );
  assert.ok(!names.some((name) => name.endsWith('package-type')), 'an archive is no package of the system');
}

export async function checkDeb(file) {
  const { stdout } = await run('sh', [
    '-c',
    'dpkg-deb --fsys-tarfile "$1" | tar -xO ./opt/Outpost/resources/package-type',
    'sh',
    file,
  ]);
  assert.equal(stdout, 'deb');
}

export async function checkRpm(file) {
  const { stdout, output } = await run('rpm', ['-qpl', file]);
  assert.ok(stdout.includes('/opt/Outpost/resources/package-type'), output);
  const type = path.join(path.dirname(file), 'linux-unpacked', 'resources', 'package-type');
  assert.equal(readFileSync(type, 'utf8'), 'rpm');
}
