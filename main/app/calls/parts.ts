import type { OpenedEngine } from '../../engine/index.ts';
import type { Chooser } from '../chooser.ts';
import type { Files } from '../files.ts';

export type { OpenedEngine };

/** What the calls are made of. The window is there before the engine is, so whoever needs the engine waits for it. */
export type CallParts = {
  readonly opened: () => Promise<OpenedEngine>;
  readonly files: Files;
  readonly chooser: Chooser;
  readonly dataFolder: string;
  readonly version: string;
};
