import { spawn } from 'node:child_process';

/**
 * Starts a server and waits for its first good answer.
 * @returns {Promise<{url: string, pid: number, startMs: number, end(): Promise<void>}>}
 */
export async function startServer({ command, args, cwd, env, url, isGood, limitMs = 60_000 }) {
  const begun = performance.now();
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let stderr = '';
  let hasEnded = false;
  child.stderr.on('data', (chunk) => (stderr = (stderr + chunk).slice(-4000)));
  const ended = new Promise((resolve) => child.on('close', () => resolve((hasEnded = true))));
  const end = async () => {
    // Its whole group: some of these start others that outlive them.
    const sendSignal = (signal) =>
      !hasEnded && child.pid !== undefined && process.kill(0 - child.pid, signal);
    sendSignal('SIGTERM');
    const timer = setTimeout(() => sendSignal('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
  };
  while (performance.now() - begun < limitMs && !hasEnded) {
    try {
      if (await isGood(url)) return { url, pid: child.pid, startMs: performance.now() - begun, end };
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await end();
  throw new Error(`${command} ${args.join(' ')} did not answer: ${stderr}`);
}
