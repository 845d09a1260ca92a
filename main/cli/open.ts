import { join, resolve } from 'node:path';
import { fault } from '../../contract/faults/faults.ts';
import { detail } from '../../contract/faults/reasons.ts';
import type { ClientName } from '../../contract/serving/serving.ts';
import type { Settings } from '../../contract/settings.ts';
import type { StoreState } from '../../contract/serving/status.ts';
import { nodeStartWorker } from '../engine/index.ts';
import { openOutpost } from '../composition/index.ts';
import type { EngineLimits } from '../engine/index.ts';
import type { OpenedOutpost } from '../composition/index.ts';
import { isConnectionMetered } from '../lib/metered.ts';
import { dataFolder } from '../lib/paths.ts';
import type { Updates } from '../updates/index.ts';
import { modelFolders } from './model-folders.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';
import { whileOpening } from './while-opening.ts';

export type Opened = OpenedOutpost<Updates>;
export type Pack = ReturnType<Opened['library']['list']>[number];

type OpenMore = {
  readonly limits?: Partial<EngineLimits>;
  readonly client?: ClientName;
  /** Runs workers at lower priority than this process, which serves clients. */
  readonly givesWay?: boolean;
  /** Packs besides those of `--models`. */
  readonly modelFolders?: readonly string[];
};

/** The engine and all that stands behind it, on the chosen data folder, with workers as child processes of this one. */
export async function open(
  session: Session,
  override: Partial<Settings> = {},
  more: OpenMore = {},
): Promise<Opened> {
  const { places, terminal, common } = session;
  const data = dataFolder(common.data);
  const log = (level: string, text: string): void => {
    if (terminal.isVerbose) terminal.raw(`${level}: ${text}\n`);
  };
  const folders = more.modelFolders ?? (await ownFolders(session));
  const opening = openOutpost<Updates>({
    dataFolder: data,
    modelFolders: [places.models, ...folders.map((folder) => resolve(folder))],
    entries: { worker: places.worker, store: places.store },
    startWorker: places.startWorker?.(places.worker) ?? nodeStartWorker(places.worker, more.givesWay),
    appVersion: places.version,
    override,
    client: more.client ?? 'cli',
    sharesMemory: more.givesWay === true,
    ...(more.limits && { limits: more.limits }),
    log,
    openUpdates: async ({ store, packStore, settings }) => {
      const { firstRoots, nodeHttpExecutor, openUpdates, twoCopies } = await import('../updates/index.ts');
      const isMetered = await isConnectionMetered();
      return openUpdates({
        trustFolder: join(data, 'trust'),
        firstRoots,
        ratchets: twoCopies({ store, packStore }),
        settings,
        now: () => new Date(),
        log,
        httpExecutor: nodeHttpExecutor(),
        isUnmetered: () => !isMetered,
      });
    },
  });
  const opened = await whileOpening(terminal, opening);
  reportStore(opened.store.state(), terminal);
  return opened;
}

/** An unreadable model folder is reported and skipped. */
async function ownFolders(session: Session): Promise<readonly string[]> {
  const made = await modelFolders(session);
  if (made.ok) return made.value;
  session.terminal.complain(made.fault);
  return session.common.models ?? [];
}

/** Warns when results are not stored: predictions work in every state of the store. */
function reportStore(state: StoreState, terminal: Terminal): void {
  switch (state.kind) {
    case 'ready':
      return;
    case 'replaced':
      terminal.complain(
        fault('store-damaged', { file: state.file, reason: detail(state.reason), moved: state.movedTo }),
      );
      return;
    case 'read-only':
      terminal.complain(fault('store-read-only', { file: state.file }));
      return;
    case 'disk-full':
      terminal.complain(fault('disk-full', { file: state.file }));
      return;
  }
}

/** Opens Outpost for one command and closes it behind it; resolves to the command's exit code. */
export async function withOpened(
  session: Session,
  work: (opened: Opened) => Promise<number>,
  override: Partial<Settings> = {},
): Promise<number> {
  const opened = await open(session, override);
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}
