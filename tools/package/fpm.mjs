#!/usr/bin/env node
// Stands in for fpm, which electron-builder calls to make Linux packages and which neither Debian nor npm carries:
// takes the arguments that electron-builder passes, and hands the work to dpkg-deb or rpmbuild. Named by CUSTOM_FPM_PATH.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const many = new Set(['d', 'deb-recommends']);
const { options, files } = parse(process.argv.slice(2));
const work = mkdtempSync(path.join(os.tmpdir(), 'outpost-package-'));
try {
  const tree = path.join(work, 'tree');
  for (const [from, to] of files) place(from, path.join(tree, to));
  const make = { deb: makeDeb, rpm: makeRpm }[options.t];
  if (!make) throw new Error(`no package of the kind ${options.t}`);
  make(tree);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function parse(args) {
  const found = { options: {}, files: [] };
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at];
    const name = /^--?([a-z][a-z-]*)$/.exec(word)?.[1];
    if (name === 'force' || name === 'debug') continue;
    if (name === undefined) {
      const cut = word.lastIndexOf('=');
      found.files.push([word.slice(0, cut), word.slice(cut + 1)]);
      continue;
    }
    const value = args[(at += 1)];
    if (many.has(name)) (found.options[name] ??= []).push(value);
    else found.options[name] = value;
  }
  return found;
}

/** `from/` means the content of the folder. Sets the usual modes, whatever the umask was. */
function place(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  open(to);
}

function open(entry) {
  const stat = lstatSync(entry);
  if (stat.isSymbolicLink()) return;
  if (stat.isDirectory()) for (const name of readdirSync(entry)) open(path.join(entry, name));
  chmodSync(entry, stat.isDirectory() || stat.mode & 0o100 ? 0o755 : 0o644);
}

function makeDeb(tree) {
  const control = path.join(tree, 'DEBIAN');
  mkdirSync(control, { recursive: true });
  chmodSync(tree, 0o755);
  const fields = {
    Package: options.name,
    Version: options.version,
    Section: options.category ?? 'misc',
    Priority: options['deb-priority'] ?? 'optional',
    Architecture: options.architecture,
    Maintainer: options.maintainer,
    Vendor: options.vendor,
    License: options.license,
    'Installed-Size': Math.ceil(sizeOf(tree) / 1024),
    Depends: options.d?.join(', '),
    Recommends: options['deb-recommends']?.join(', '),
    Homepage: options.url,
    Description: lines(options.description).join('\n '),
  };
  const text = Object.entries(fields).filter(([, value]) => value);
  writeFileSync(path.join(control, 'control'), text.map(([name, value]) => `${name}: ${value}\n`).join(''));
  for (const [option, name] of [
    ['after-install', 'postinst'],
    ['after-remove', 'postrm'],
  ]) {
    if (!options[option]) continue;
    writeFileSync(path.join(control, name), readFileSync(options[option]));
    chmodSync(path.join(control, name), 0o755);
  }
  const isQuick = process.env.ELECTRON_BUILDER_COMPRESSION_LEVEL === '1';
  const compression = isQuick ? ['-Zgzip', '-z1'] : [`-Z${options['deb-compression'] ?? 'xz'}`];
  run('dpkg-deb', ['--root-owner-group', ...compression, '--build', tree, options.package]);
}

function makeRpm(tree) {
  const [summary, ...more] = lines(options['rpm-summary'] ?? options.description);
  const script = (name) => (options[name] ? readFileSync(options[name], 'utf8') : '');
  const spec = `%global __spec_install_post %{nil}
%global debug_package %{nil}
%global _build_id_links none
Name: ${options.name}
Version: ${options.version}
Release: 1
Summary: ${summary}
License: ${options.license ?? 'unknown'}
URL: ${options.url}
Vendor: ${options.vendor}
AutoReqProv: no
${(options.d ?? []).map((name) => `Requires: ${name}\n`).join('')}
%description
${[...more, lines(options.description).join('\n')].join('\n')}
%files
${topOf(tree)
  .map((entry) => `"${entry}"`)
  .join('\n')}
%post -p /bin/sh
${script('after-install')}
%postun -p /bin/sh
${script('after-remove')}
`;
  const file = path.join(work, 'package.spec');
  writeFileSync(file, spec);
  const defined = { _topdir: work, _rpmdir: path.join(work, 'made'), _binary_payload: 'w1.zstdio' };
  const args = Object.entries(defined).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
  const target = ['--target', options.architecture === 'amd64' ? 'x86_64' : options.architecture];
  run('rpmbuild', ['-bb', '--quiet', ...args, ...target, '--buildroot', tree, file]);
  const made = readdirSync(defined._rpmdir, { recursive: true }).find((name) => name.endsWith('.rpm'));
  cpSync(path.join(defined._rpmdir, made), options.package);
}

/** What belongs to this package alone: its own folder, and single files among everybody's. */
function topOf(tree, folder = '') {
  return readdirSync(path.join(tree, folder), { withFileTypes: true }).flatMap((entry) => {
    const inner = `${folder}/${entry.name}`;
    const isShared = entry.isDirectory() && (folder === '' || folder.startsWith('/usr'));
    return isShared ? topOf(tree, inner) : [inner];
  });
}

function sizeOf(entry) {
  const stat = lstatSync(entry);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(entry).reduce((sum, name) => sum + sizeOf(path.join(entry, name)), 0);
}

function lines(text) {
  const trimmed = (text ?? '').split('\n').map((line) => line.trim());
  return trimmed.filter((line) => line !== '');
}

function run(program, args) {
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
}
