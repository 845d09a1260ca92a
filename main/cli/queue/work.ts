import { resolve } from 'node:path';
import { stat } from 'node:fs/promises';
import { fault } from '../../../contract/faults/faults.ts';
import { untilAborted } from '../../lib/abort.ts';
import { availableCores } from '../../lib/capacity.ts';
import { connect, openNode, parseQueueAddress } from '../../queue/index.ts';
import type { Connection, QueueAddress } from '../../queue/index.ts';
import { catchInterrupt } from '../interrupt.ts';
import { open } from '../open.ts';
import type { WorkOptions } from './options.ts';
import type { Session } from '../session.ts';

/** `outpost work`: 0 when it was told to end, 1 when it could not start. */
export async function workOnQueue(session: Session, options: WorkOptions): Promise<number> {
  const { terminal } = session;
  const place = parseQueueAddress(options.queue);
  if (!place.ok) return (terminal.complain(place.fault), 1);
  const sharedRoot = options.sharedRoot === undefined ? null : resolve(options.sharedRoot);
  if (sharedRoot !== null && !(await isFolder(sharedRoot)))
    return (terminal.complain(fault('file-not-found', { file: sharedRoot })), 1);
  const connection = await connect(place.value, {
    onDisconnect: (lost) => terminal.complain(lost),
    onReconnect: () => terminal.note(`The queue at ${place.value.shown} is back`),
  });
  if (!connection.ok) return (terminal.complain(connection.fault), 1);
  try {
    return await answerUntilStopped(session, options, {
      place: place.value,
      connection: connection.value,
      sharedRoot,
    });
  } finally {
    connection.value.close();
  }
}

type Found = {
  readonly place: QueueAddress;
  readonly connection: Connection;
  readonly sharedRoot: string | null;
};

async function answerUntilStopped(session: Session, options: WorkOptions, found: Found): Promise<number> {
  const { terminal } = session;
  const interrupt = catchInterrupt();
  const { workers, threads } = options;
  const opened = await open(session, {
    ...(workers !== undefined && { workers }),
    ...(threads !== undefined && { threads }),
  });
  try {
    const tally = { answered: 0, faults: 0 };
    const node = openNode({
      ...found,
      engine: opened.engine,
      // As many as the engine has in hand of a folder: enough that no worker waits for Redis.
      window: Math.max(8, 4 * (workers ?? availableCores())),
      onDone: (name, reason) => {
        if (!reason) return void (tally.answered += 1);
        tally.faults += 1;
        terminal.complain(reason, name);
      },
      log: (text) => {
        if (terminal.isVerbose) terminal.raw(`${text}\n`);
      },
    });
    terminal.note(`Working on ${found.place.shown}`);
    await untilAborted(interrupt.signal);
    terminal.note('Finishing what is in hand');
    await node.close(options.gracefulTimeout * 1000);
    terminal.note(`${tally.answered} answered, ${tally.faults} ${tally.faults === 1 ? 'fault' : 'faults'}`);
    return 0;
  } finally {
    await opened.close();
    interrupt.close();
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
