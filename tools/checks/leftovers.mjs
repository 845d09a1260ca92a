// What a kind of tests leaves behind on the machine: a clean run leaves nothing.
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cacheHome } from '../setup/paths.mjs';

/**
 * An empty folder for temporary files: `{ folder, env, left, remove }`. `left()` lists what is in it, once whatever is
 * being removed this very moment has had `patienceMs` to go. `user` is the owner, where the tests run as somebody else;
 * `kills`: programs are killed on purpose, and what those leave is removed by the next start of one.
 */
export function openTemp({ parent = os.tmpdir(), user, kills = false, patienceMs = 5_000 } = {}) {
  // A short name: below it stand socket files, and their whole path has at most 103 bytes (macOS; Linux 107).
  const folder = mkdtempSync(path.join(parent, 'op-'));
  // As any folder for temporary files: tests start programs as other users.
  chmodSync(folder, 0o1777);
  if (user) chownSync(folder, user.uid, user.gid);
  const names = process.platform === 'win32' ? ['TEMP', 'TMP'] : ['TMPDIR'];
  return {
    folder,
    env: Object.fromEntries(names.map((name) => [name, folder])),
    left: () => settled(() => readdirSync(folder).filter((name) => !(kills && isOfKilled(name))), patienceMs),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A scratch folder of Outpost (main/lib/scratch.ts) whose process has ended. */
function isOfKilled(name) {
  const pid = /^outpost-(\d+)-/u.exec(name)?.[1];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

async function settled(look, patienceMs) {
  const limit = Date.now() + patienceMs;
  for (;;) {
    const left = look();
    if (left.length === 0 || Date.now() > limit) return left;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Telemetry files that ONNX Runtime wrote since `sinceMs`: none if telemetry was disabled before it was loaded. */
export function reportsSince(sinceMs, cache = cacheHome()) {
  const folder = path.join(cache, 'Microsoft', 'DeveloperTools', '.onnxruntime');
  let names = [];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .map((name) => path.join(folder, name))
    .filter((file) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= sinceMs);
}

/** The sums of a kind, with one failure more where it left something. */
export function withLeftovers(sums, left) {
  if (left.length === 0) return sums;
  const lines = left.slice(0, 20).map((name) => `    ${name}`);
  if (left.length > lines.length) lines.push(`    and ${left.length - lines.length} more`);
  const note = [sums.note, `${left.length} left behind`].filter(Boolean).join(', ');
  const output = `${sums.output ?? ''}\nLeft behind:\n${lines.join('\n')}\n`;
  return { ...sums, failed: sums.failed + 1, note, output };
}
