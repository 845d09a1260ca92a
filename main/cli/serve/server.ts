import type { ChildProcess } from 'node:child_process';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { ServedVersion } from '../../../contract/serving/serving.ts';
import type { HttpServer, TokenBook } from '../../http/index.ts';
import type { Opened } from '../open.ts';
import type { Session } from '../session.ts';
import type { ServeConfig } from './config.ts';

export type NotLoaded = readonly { readonly model: string; readonly fault: Fault }[];

/** What `outpost serve` runs, whichever way models are run. */
export type Server = HttpServer & {
  /** Loads what is to be loaded, and comes back with what cannot be. */
  warm(): Promise<NotLoaded>;
  catalogue(): readonly ServedVersion[];
  /**
   * Takes over the models on disk and the words of `reloads`; the faults of what stays as it was. The tokens were replaced
   * before.
   */
  reload(config: ServeConfig): Promise<readonly Fault[]>;
  /** What `reload` takes over from the config. */
  readonly reloads: readonly (keyof ServeConfig)[];
  /** One worker more or fewer, never below one: how many there are to be now. */
  resize(by: 1 | -1): number;
};

export type ServerParts = {
  readonly session: Session;
  readonly opened: Opened;
  readonly config: ServeConfig;
  /** An HTTP worker that was told nothing yet. */
  readonly early: ChildProcess | null;
  readonly modelFolders: readonly string[];
  readonly tokens: TokenBook | null;
  /** `host:port` or `unix:FILE`. */
  readonly bind: string;
  readonly grpcBind: string | null;
};

export function preloadOf({ load }: ServeConfig, { library }: Opened): readonly string[] {
  const all = [...new Set(library.list().map(({ manifest }) => manifest.id))];
  if (load.includes('all')) return all;
  return load.includes('none') ? [] : load;
}

export const cachedOf = ({ cache }: ServeConfig): readonly string[] | 'all' =>
  cache.includes('all') ? 'all' : cache;

/** Who asks, and what the server logs. */
export const gateOf = ({ session: { terminal, places }, config, bind }: ServerParts) => ({
  appVersion: places.version,
  bind,
  anyone: { program: 'loopback', models: null, isControl: config.control },
  allowedHosts: config['allowed-host'],
  corsOrigins: config['cors-origin'],
  log: (level: 'info' | 'warn' | 'error', text: string): void => {
    if (terminal.isVerbose || level === 'error') terminal.raw(`${level}: ${text}\n`);
  },
});
