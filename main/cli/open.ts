import { join, resolve } from 'node:path';
import { fault } from '../../contract/faults.ts';
import type { Settings } from '../../contract/settings.ts';
import type { StoreState } from '../../contract/status.ts';
import { nodeStartWorker, openEngine } from '../engine/index.ts';
import { dataFolder } from '../lib/paths.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

export type Opened = Awaited<ReturnType<typeof openEngine>>;
export type Pack = ReturnType<Opened['library']['list']>[number];

/** Engine, store and library on the chosen data folder, with workers as child processes of this one. */
export async function open(session: Session, override: Partial<Settings> = {}): Promise<Opened> {
  const { places, terminal, common } = session;
  const data = dataFolder(common.data);
  const opened = await openEngine({
    dataFolder: data,
    modelFolders: [
      places.models,
      join(data, 'packs'),
      ...(common.models ?? []).map((folder) => resolve(folder)),
    ],
    entries: { worker: places.worker, store: places.store },
    startWorker: nodeStartWorker(places.worker),
    appVersion: places.version,
    override,
    log: (level, text) => {
      if (terminal.isVerbose) terminal.raw(`${level}: ${text}\n`);
    },
  });
  tellStore(opened.store.state(), terminal);
  return opened;
}

/** What a person must know of the store before reading on: answers are given in every state, kept only in some. */
function tellStore(state: StoreState, terminal: Terminal): void {
  switch (state.kind) {
    case 'ready':
      return;
    case 'replaced':
      terminal.complain(
        fault('store-damaged', { file: state.file, reason: state.reason, moved: state.movedTo }),
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
