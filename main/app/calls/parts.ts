import type { Engine } from '../../engine/door.ts';
import type { openEngine } from '../../engine/index.ts';
import type { Files } from '../files.ts';
import type { Log } from '../log.ts';

export type Opened = Awaited<ReturnType<typeof openEngine>>;
export type { Engine };

/** What handlers delegate to. The engine opens while the window does, so calls wait for it. */
export type CallParts = {
  readonly opened: () => Promise<Opened>;
  readonly files: Files;
  readonly log: Log;
};
