import { spawn } from 'node:child_process';
import { inheritedEnv } from '../../lib/paths.ts';
import { giveWay } from '../../lib/priority.ts';
import type { StartWorker } from '../types.ts';

/** Limits glibc malloc arenas and returns freed memory to the system: 40 MB less per worker after 12 MP photos. */
const frugal = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '262144', MALLOC_MMAP_THRESHOLD_: '1048576' };

/** Workers as child processes of plain Node, from the worker's built file; `givesWay` is for a server: lower priority than the processes that wait for them, and little memory held. */
export function nodeStartWorker(workerFile: string, givesWay = false): StartWorker {
  return (env) => {
    const child = spawn(process.execPath, [workerFile], {
      // Turn off ONNX Runtime's telemetry.
      env: inheritedEnv({ ORT_DISABLE_TELEMETRY: '1', ...(givesWay && frugal), ...env }),
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
    });
    if (givesWay) giveWay(child.pid);
    const listeners: ((reason: string) => void)[] = [];
    let lastErrors = '';
    let ended: string | null = null;
    const end = (reason: string): void => {
      if (ended !== null) return;
      ended = reason;
      for (const listener of listeners) listener(reason);
    };
    // Without a free file descriptor there is no process and no pipe: the error comes as an event.
    const { stderr } = child as { stderr: typeof child.stderr | undefined };
    stderr?.setEncoding('utf8');
    stderr?.on('data', (text: string) => {
      lastErrors = (lastErrors + text).slice(-2000);
    });
    child.on('error', (error) => end(`could not be started: ${error.message}`));
    child.on('exit', (code, signal) => {
      const how = signal ? `signal ${signal}` : `exit code ${code}`;
      const text = lastErrors
        .trim()
        .split('\n')
        .findLast((line) => /error|abort|terminat/iu.test(line));
      end(text ? `${how}: ${text.trim().slice(0, 200)}` : how);
    });
    return {
      pid: child.pid,
      kill: () => void child.kill('SIGKILL'),
      onExit: (listener) => {
        if (ended === null) listeners.push(listener);
        else listener(ended);
      },
    };
  };
}
