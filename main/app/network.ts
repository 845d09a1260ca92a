import { session } from 'electron';
import type { UpdateSource } from '../../contract/lifecycle/update.ts';
import { createSystemProxy } from './system-proxy.ts';

type Updating = typeof import('../updates/index.ts');
export type Network = {
  readonly executor: ReturnType<Updating['nodeHttpExecutor']>;
  /** Asks the system how a feed is reached; to be called before each use, as a laptop changes its network. */
  learn(source: UpdateSource): Promise<void>;
};

/**
 * The one way out of the app, for models and for Outpost itself: Node's network, since Chromium's looks up no name here, by
 * the proxy that the system names.
 */
export function appNetwork(): () => Promise<Network> {
  let made: Promise<Network> | null = null;
  const make = async (): Promise<Network> => {
    // Loaded when it is first wanted, not at the start.
    const { nodeHttpExecutor, proxyFor } = await import('../updates/index.ts');
    const proxy = createSystemProxy(session.defaultSession, proxyFor);
    return {
      executor: nodeHttpExecutor(proxy.proxyOf),
      learn: async (source) => {
        if (source.kind === 'http') await proxy.learn(source.address);
      },
    };
  };
  return () => (made ??= make());
}
