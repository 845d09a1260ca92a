import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '../..');
const entry = `import(${JSON.stringify(pathToFileURL(join(root, 'out/main/cli.js')).href)}).then(async ({ main }) => { process.exitCode = await main(process.argv.slice(1)); })`;

export type Node = {
  readonly url: string;
  /** Resolves with how it ended: a code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
  signal(signal: NodeJS.Signals): void;
  /** What it wrote to standard error. */
  output(): string;
};

/** A real `outpost serve`, once it says that it is ready; it is the built one: `ensureBuilt` of tools/build.mjs comes first. */
export async function startNode(bind: string, options: readonly string[]): Promise<Node> {
  const child = spawn(process.execPath, ['-e', entry, 'serve', '--bind', bind, ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (piece: Buffer) => (output += piece.toString()));
  const url = `http://${bind}`;
  for (const begun = Date.now(); ;) {
    if (await isReady(url)) break;
    if (child.exitCode !== null || Date.now() - begun > 30_000)
      throw new Error(`no node at ${bind}: ${output}`);
    await sleep(50);
  }
  return {
    url,
    output: () => output,
    signal: (signal) => void child.kill(signal),
    end: async (signal) => {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill(signal);
        await ended;
      }
      return child.signalCode ?? child.exitCode ?? 0;
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/readyz`);
    await answer.text();
    return answer.status === 200;
  } catch {
    return false;
  }
}
