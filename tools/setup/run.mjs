import { spawn } from 'node:child_process';

/**
 * Runs a program to its end and never throws: `{ code, signal, stdout, output, error }`, where output is the last of
 * what it wrote on both streams and error is set when it could not be started.
 */
export function run(command, args, options = {}) {
  const { echo = false, ...rest } = options;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', echo ? 'inherit' : 'pipe', echo ? 'inherit' : 'pipe'],
      ...rest,
    });
    const chunks = [];
    let output = '';
    const take = (chunk) => {
      output = (output + chunk).slice(-200_000);
    };
    const end = (code, signal, error) => {
      resolve({ code, signal, stdout: Buffer.concat(chunks).toString(), output, error });
    };
    child.stdout?.on('data', (chunk) => {
      chunks.push(chunk);
      take(chunk);
    });
    child.stderr?.on('data', take);
    child.on('error', (error) => end(null, null, error));
    child.on('close', (code, signal) => end(code, signal, undefined));
  });
}

/** The last few lines of a program's output, indented, for an error message. */
export function tail(text, lines = 12) {
  return text.trimEnd().split('\n').slice(-lines).join('\n        ');
}

/** Whether a program of that name is on the PATH. */
export async function has(program) {
  const { code } = await run(process.platform === 'win32' ? 'where' : 'which', [program]);
  return code === 0;
}
