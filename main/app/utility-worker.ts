import { utilityProcess } from 'electron';
import type { StartWorker } from '../engine/index.ts';
import { giveWay } from '../lib/priority.ts';
import type { Log } from './log.ts';

type WorkerPlace = {
  readonly file: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Log;
};

/** Workers as utility processes: the installed program's own executable does not run scripts. */
export function utilityStartWorker({ file, environment, log }: WorkerPlace): StartWorker {
  return (env) => {
    const child = utilityProcess.fork(file, [], {
      serviceName: 'outpost-worker',
      stdio: 'pipe',
      env: { ...environment, ...env },
    });
    const lastOutput = tail(child);
    // The pid is known after `spawn`; without one there is nothing to kill.
    let pid: number | undefined;
    let isUnwanted = false;
    child.once('spawn', () => {
      pid = child.pid;
      if (isUnwanted) end(pid);
      else giveWay(pid);
    });
    child.once('exit', (code) => {
      if (code !== 0 && lastOutput.text)
        log.write('warn', `worker ended with code ${code}: ${lastOutput.text}`);
    });
    return {
      get pid() {
        return pid;
      },
      kill: () => {
        isUnwanted = true;
        if (pid !== undefined) end(pid);
      },
      onExit: (listener) => {
        child.once('exit', (code) => {
          pid = undefined;
          listener(reasonOf(code));
        });
      },
    };
  };
}

/** `utilityProcess.kill` sends SIGTERM, which a worker does not handle while an inference runs. */
function end(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has exited already.
  }
}

/** On POSIX, Electron gives the number of the signal as the exit code: SIGKILL and SIGTERM are reported by name. */
function reasonOf(code: number): string {
  if (process.platform !== 'win32' && (code === 9 || code === 15))
    return `signal ${code === 9 ? 'SIGKILL' : 'SIGTERM'}`;
  return `exit code ${code}`;
}

/** The last 2,000 characters that a process wrote. Reading them also keeps its pipes from filling up, which would block it. */
function tail(child: Electron.UtilityProcess): { readonly text: string } {
  const output = { text: '' };
  const keep = (chunk: Buffer): void => {
    output.text = (output.text + chunk.toString('utf8')).slice(-2000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return output;
}
