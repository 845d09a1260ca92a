import { utilityProcess } from 'electron';
import type { StartWorker } from '../engine/index.ts';
import { giveWay } from '../lib/priority.ts';
import type { Log } from './log.ts';

export type WorkerPlace = {
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
    const said = tail(child);
    // It takes its number when it has started; one that never started has nothing to kill.
    let pid: number | undefined;
    let isUnwanted = false;
    child.once('spawn', () => {
      pid = child.pid;
      if (isUnwanted) end(pid);
      else giveWay(pid);
    });
    child.once('exit', (code) => {
      if (code !== 0 && said.text) log.write('warn', `worker ended with code ${code}: ${said.text}`);
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

/** `utilityProcess.kill` asks politely, which a worker inside an inference does not hear. */
function end(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was gone already.
  }
}

/** Electron gives a POSIX wait status's signal as the code: below 32 there, a signal's number is told by name where known. */
function reasonOf(code: number): string {
  if (process.platform !== 'win32' && (code === 9 || code === 15))
    return `signal ${code === 9 ? 'SIGKILL' : 'SIGTERM'}`;
  return `exit code ${code}`;
}

/** The last words of a process, which are read so that its pipes never fill up. */
function tail(child: Electron.UtilityProcess): { readonly text: string } {
  const kept = { text: '' };
  const keep = (chunk: Buffer): void => {
    kept.text = (kept.text + chunk.toString('utf8')).slice(-2000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return kept;
}
