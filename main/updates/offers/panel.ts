import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { UpdatesState } from '../../../contract/lifecycle/update.ts';
import type { CheckReport, DownloadProgress } from '../../../contract/lifecycle/update.ts';
import { writeDurably } from '../../lib/durable.ts';
import type { UpdatesPorts } from '../types.ts';
import { readSavedRoot } from '../trust/saved-metadata.ts';
import { listPublishers } from '../trust/publisher.ts';
import { makeFolders } from '../../lib/make-folders.ts';

const Remembered = UpdatesState.pick({ lastCheck: true, fault: true, checkedAt: true });

/** State of the Updates panel; the last check is kept across restarts. */
export type Panel = {
  readonly state: () => UpdatesState;
  readonly onChange: (listener: () => void) => () => void;
  readonly checking: () => void;
  readonly checked: (outcome: Outcome<CheckReport>, at: Date) => Promise<void>;
  readonly downloading: (progress: DownloadProgress) => void;
  readonly downloaded: (of: Pick<DownloadProgress, 'model' | 'version'>) => void;
  readonly readPublishers: () => Promise<void>;
  readonly close: () => void;
};

export async function openPanel(ports: UpdatesPorts): Promise<Panel> {
  const file = join(ports.trustFolder, 'last-check.json');
  const listeners = new Set<() => void>();
  let state: UpdatesState = {
    kind: 'idle',
    ...(await readRemembered(file)),
    downloads: [],
    publishers: await publishersOf(ports),
  };
  const change = (part: Partial<UpdatesState>): void => {
    state = { ...state, ...part };
    for (const listener of listeners) listener();
  };
  const without = ({ model, version }: Pick<DownloadProgress, 'model' | 'version'>): DownloadProgress[] =>
    state.downloads.filter((each) => each.model !== model || each.version !== version);

  return {
    state: () => state,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    checking: () => change({ kind: 'checking' }),
    checked: async (outcome, at) => {
      // A cancelled check has no result.
      if (!outcome.ok && outcome.fault.code === 'cancelled') return change({ kind: 'idle' });
      const checkedAt = at.toISOString();
      change(
        outcome.ok
          ? { kind: 'idle', lastCheck: outcome.value, fault: null, checkedAt }
          : { kind: 'idle', fault: outcome.fault, checkedAt },
      );
      const { lastCheck, fault } = state;
      await remember(ports, file, { lastCheck, fault, checkedAt });
    },
    downloading: (progress) => change({ downloads: [...without(progress), progress] }),
    downloaded: (of) => change({ downloads: without(of) }),
    readPublishers: async () => change({ publishers: await publishersOf(ports) }),
    close: () => listeners.clear(),
  };
}

async function publishersOf(ports: UpdatesPorts): Promise<UpdatesState['publishers']> {
  const publishers = await listPublishers(ports);
  return Promise.all(
    publishers.map(async (publisher) => {
      const root = await readSavedRoot(publisher);
      return {
        name: root.signed['x-outpost'].publisher,
        fingerprint: publisher.fingerprint,
        rootVersion: root.signed.version,
        isBuiltIn: publisher.isBuiltIn,
      };
    }),
  );
}

type Remembered = Pick<UpdatesState, 'lastCheck' | 'fault' | 'checkedAt'>;

async function readRemembered(file: string): Promise<Remembered> {
  try {
    return Remembered.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return { lastCheck: null, fault: null, checkedAt: null };
  }
}

async function remember(ports: UpdatesPorts, file: string, what: Remembered): Promise<void> {
  try {
    await makeFolders(ports.trustFolder);
    await writeDurably(file, JSON.stringify(what));
  } catch (error) {
    ports.log('warn', `the last check is not kept: ${(error as Error).message}`);
  }
}
