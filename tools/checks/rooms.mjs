// `node tools/checks/rooms.mjs [folder]`: the import directions of the rooms, by dependency-cruiser.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeModules, root } from '../setup/paths.mjs';
import { run, tail } from '../setup/run.mjs';

const rooms = ['contract', 'preload', 'renderer', 'main', 'test'];

/**
 * Cruises the rooms under `folder`: `{ modules, violations: [{ rule, from, to, comment }], missed }`. `missed` are the
 * source files that dependency-cruiser did not read: it exits 0 when it reads nothing, so files it skips are reported.
 */
export async function cruiseRooms(folder = root) {
  const present = rooms.filter((name) => existsSync(path.join(folder, name)));
  const program = path.join(nodeModules, 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const tsx = path.join(root, 'tools', 'checks', 'swc-reads-tsx.cjs');
  const args = [
    '--require',
    tsx,
    program,
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    ...present,
  ];
  const { stdout, output, error } = await run(process.execPath, args, { cwd: folder });
  let result;
  try {
    result = JSON.parse(stdout);
  } catch {
    throw new Error(`dependency-cruiser gave no answer.\n        ${error?.message ?? tail(output)}`);
  }
  const read = new Set(result.modules.map((module) => module.source));
  const files = present.flatMap((name) => sources(folder, name));
  const comments = new Map(result.summary.ruleSetUsed.forbidden.map((rule) => [rule.name, rule.comment]));
  return {
    modules: files.length,
    missed: files.filter((file) => !read.has(file)),
    violations: result.summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      from,
      to,
      comment: comments.get(rule.name) ?? '',
    })),
  };
}

/** The outcome as text for people, and whether it is good. */
export function summariseRooms({ modules, missed, violations }) {
  const lines = violations.map(({ rule, from, to, comment }) => `${from} → ${to}\n    ${rule}: ${comment}`);
  if (missed.length > 0) lines.push(`Not read by the cruiser: ${missed.join(', ')}`);
  if (modules === 0) lines.push('No module was read at all.');
  return { ok: lines.length === 0, text: lines.join('\n'), modules };
}

function sources(folder, room) {
  return readdirSync(path.join(folder, room), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /[.]tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) =>
      path
        .relative(folder, path.join(entry.parentPath ?? entry.path, entry.name))
        .split(path.sep)
        .join('/'),
    )
    .filter((file) => !file.startsWith('test/fixtures/'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const verdict = summariseRooms(await cruiseRooms(process.argv[2] && path.resolve(process.argv[2])));
  console.log(verdict.ok ? `${verdict.modules} modules, every import allowed` : verdict.text);
  process.exitCode = verdict.ok ? 0 : 1;
}
