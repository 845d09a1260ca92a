import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { atEndOfFiles } from '../temp/folder.ts';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const photo = (name: string): string => path.join(root, 'test', 'fixtures', 'photos', name);
export const bad = (name: string): string => path.join(root, 'test', 'fixtures', 'bad', name);

export type Ended = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly error: string;
};
export type RunOptions = {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly user?: number;
  readonly onOut?: (text: string, child: ChildProcess) => void;
};

const running = new Set<ChildProcess>();
atEndOfFiles(() => {
  for (const child of running) if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  running.clear();
});

/** A process in a group of its own that a test which fails on the way leaves is killed, with its workers, when the file is over. */
function endWithFile(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

/** The command line in a process group of its own, as a shell would start it; it ends with the file at the latest. */
export async function startOutpost(
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...(await commandLine()), ...args], {
    cwd: root,
    ...options,
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    detached: true,
  });
  endWithFile(child);
  return child;
}

/** The command line from its start to its end. */
export async function outpost(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const command = await commandLine();
  const child = spawn(process.execPath, [...command, ...args], {
    cwd: options.cwd ?? root,
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    detached: true,
    ...(options.user === undefined ? {} : { uid: options.user, gid: options.user }),
  });
  endWithFile(child);
  const taken = { out: '', error: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    taken.out += chunk.toString();
    options.onOut?.(taken.out, child);
  });
  child.stderr.on('data', (chunk: Buffer) => (taken.error += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...taken }));
  });
}

/** What Node is given before the words of the command line. */
export async function commandLine(): Promise<readonly string[]> {
  const address = JSON.stringify(pathToFileURL(await builtCli()).href);
  const script = `import(${address}).then(({ main }) => main(process.argv.slice(1))).then((code) => { process.exitCode = code; })`;
  return ['-e', script, '--'];
}

export type Line = {
  readonly input: string;
  readonly cached?: boolean;
  readonly result?: { readonly predictions: readonly { readonly label: string; readonly score: number }[] };
  readonly fault?: { readonly code: string; readonly message: string; readonly hint: string };
};
export const linesOf = (out: string): readonly Line[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

/** Photos that are the same to the eye and differ in their bytes, so that none is answered from another's answer. */
export function plantPhotos(folder: string, count: number, source = 'rocket.jpg'): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const bytes = readFileSync(photo(source));
  return Array.from({ length: count }, (_, at) => {
    const file = path.join(folder, `photo-${String(at).padStart(4, '0')}.jpg`);
    // Behind the end of the picture, where no decoder looks.
    writeFileSync(file, Buffer.concat([bytes, Buffer.from(`#${at}`)]));
    return file;
  });
}

export function copyPack(id: string, into: string): string {
  const from = path.join(root, 'models', id);
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const to = path.join(into, path.relative(from, file));
    mkdirSync(path.dirname(to), { recursive: true });
    copyFileSync(file, to);
  }
  return into;
}

let underWay: Promise<string> | undefined;

/** `out/main/cli.js` when it is newer than every source, otherwise a bundle of all entries of its own. */
function builtCli(): Promise<string> {
  underWay ??= build();
  return underWay;
}

async function build(): Promise<string> {
  const newest = newestSource();
  const regular = path.join(root, 'out', 'main', 'cli.js');
  if (existsSync(regular) && statSync(regular).mtimeMs > newest) return regular;
  const folder = path.join(root, 'node_modules', '.cache', 'outpost-test', `whole-${Math.floor(newest)}`);
  const file = path.join(folder, 'cli.js');
  if (existsSync(file)) return file;
  const staging = `${folder}.${process.pid}`;
  const at = (entry: string): string => path.join(root, 'main', entry);
  const bundle = await rolldown({
    input: {
      cli: at('cli/index.ts'),
      worker: at('worker/process.ts'),
      store: at('store/thread/entry.ts'),
      'http-worker': at('prefork/worker/process.ts'),
      watchdog: at('prefork/worker/watchdog-thread.ts'),
      json: at('http/text-thread-entry.ts'),
    },
    platform: 'node',
    external: (id) => id.startsWith('node:') || !(id.startsWith('.') || path.isAbsolute(id)),
  });
  await bundle.write({
    dir: staging,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunk-[hash].js',
  });
  await bundle.close();
  try {
    renameSync(staging, folder);
  } catch {
    rmSync(staging, { recursive: true, force: true });
  }
  return file;
}

function newestSource(): number {
  const files = ['main', 'contract'].flatMap((room) =>
    readdirSync(path.join(root, room), { recursive: true, withFileTypes: true }),
  );
  return Math.max(
    ...files
      .filter((entry) => entry.isFile())
      .map(
        (entry) => statSync(path.join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
      ),
  );
}
