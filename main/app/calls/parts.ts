import type { OpenedOutpost } from '../../composition/index.ts';
import type { Cards } from '../cards.ts';
import type { Chooser } from '../chooser.ts';
import type { FileActions } from '../file-actions.ts';
import type { FirstResult } from '../first-result.ts';
import type { Files } from '../files.ts';
import type { ApiServer } from '../server.ts';
import type { ImportChooser } from '../import-chooser.ts';
import type { OutpostUpdate } from '../outpost-update.ts';
import type { Shell } from '../shell.ts';
import type { PackMaking } from '../../composition/pack-making/index.ts';
import type { Updates } from '../../updates/index.ts';

export type Opened = OpenedOutpost<Updates>;

/** Dependencies of the handlers. The window opens before the engine, so handlers await the engine. */
export type CallParts = {
  readonly opened: () => Promise<Opened>;
  readonly updates: () => Promise<Updates>;
  readonly firstResult: FirstResult;
  readonly outpostUpdate: OutpostUpdate;
  readonly packMaking: () => Promise<PackMaking>;
  readonly api: ApiServer;
  readonly cards: Cards;
  readonly files: Files;
  readonly fileActions: FileActions;
  readonly chooser: Chooser & ImportChooser;
  readonly shell: Shell;
  readonly dataFolder: string;
  readonly version: string;
};
