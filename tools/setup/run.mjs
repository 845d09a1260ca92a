import { spawn } from 'node:child_process';

/**
 * Runs a program to its end and never throws: `{ code, signal, output, error }`, where output is what it wrote on both
 * streams and error is set when it could not be started.
 */
export function run(command, args, options = {}) {
  const { echo = false, ...rest } = options;
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', echo ? 'inherit' : 'pipe', echo ? 'inherit' : 'pipe'], ...rest });
    let output = '';
    const take = (chunk) => {
      output = (output + chunk).slice(-200_000);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.on('error', (error) => resolve({ code: null, signal: null, output, error }));
    child.on('close', (code, signal) => resolve({ code, signal, output, error: undefined }));
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
