import { bindOf } from './bind.ts';
import type { ServeConfig } from './config.ts';

type Host = { readonly versions: Readonly<Record<string, string | undefined>>; readonly platform: string };

/** Why models cannot run in the processes that speak HTTP here; null where they can. `bind` as `bindOf` gives it. */
export function inProcessLack(bind: string, { versions, platform }: Host = process): string | null {
  // The installed program starts no plain Node, and a pipe of Windows cannot be handed to another process.
  if (versions['electron']) return 'the installed program has no Node of its own';
  if (platform === 'win32' && bind.startsWith('unix:')) return 'a named pipe cannot be handed on';
  return null;
}

/** Where models run: as configured; `auto` takes the faster way where it works. */
export function inferenceOf(
  { inference, bind }: Pick<ServeConfig, 'inference' | 'bind'>,
  host: Host = process,
): 'in-process' | 'isolated' {
  if (inference !== 'auto') return inference;
  return inProcessLack(bindOf(bind), host) === null ? 'in-process' : 'isolated';
}
