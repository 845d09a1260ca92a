import { resolve } from 'node:path';
import { fault } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import { isAnswered } from '../../../contract/runs/prediction.ts';
import { recordOutcome } from '../../../contract/runs/record.ts';
import { walk } from '../../engine/index.ts';
import { connect, openJobQueue, parseQueueAddress, submit } from '../../queue/index.ts';
import type { Connection, QueueAddress } from '../../queue/index.ts';
import { openDestination } from '../destination.ts';
import type { Destination } from '../destination.ts';
import { catchInterrupt } from '../interrupt.ts';
import type { Interrupt } from '../interrupt.ts';
import { countInputs, openProgress } from '../progress.ts';
import { open } from '../open.ts';
import type { SubmitOptions } from './options.ts';
import type { Session } from '../session.ts';
import { closingLine, leftOutText, newTally } from '../tally.ts';
import type { Tally } from '../tally.ts';

type Queue = { readonly place: QueueAddress; readonly connection: Connection };
type Submission = {
  readonly session: Session;
  readonly options: SubmitOptions;
  readonly folder: string;
  /** `id@version`, or what was asked for where this computer has no such model. */
  readonly model: string | null;
  readonly queue: Queue;
  readonly interrupt: Interrupt;
};

/** `outpost submit`: 0 all in the queue (with --wait: answered), 1 nothing could start, 2 faults, 130 stopped by hand. */
export async function submitFolder(
  session: Session,
  options: SubmitOptions,
  folder: string | undefined,
): Promise<number> {
  const { terminal } = session;
  const complain = (reason: Fault): number => (terminal.complain(reason), 1);
  if (folder === undefined && !options.status)
    return complain(fault('usage', { reason: 'It takes a folder, or --status.', command: 'submit' }));
  const place = parseQueueAddress(options.queue);
  if (!place.ok) return complain(place.fault);
  const connection = await connect(place.value, {
    onDisconnect: (lost) => terminal.complain(lost),
    onReconnect: () => terminal.note(`The queue at ${place.value.shown} is back`),
  });
  if (!connection.ok) return complain(connection.fault);
  const queue = { place: place.value, connection: connection.value };
  const interrupt = catchInterrupt();
  try {
    if (options.status || folder === undefined) return await showStatus(session, options, queue);
    const model = await versionMeant(session, options.model);
    const work = { session, options, folder, model, queue, interrupt };
    if (options.wait !== true && options.out === undefined) return await fill(work);
    const destination = await openDestination(options.out, terminal, {
      command: 'submit',
      form: 'json',
      signal: interrupt.signal,
    });
    if (destination.ok) return await collect(work, destination.value);
    return interrupt.wasInterrupted() ? 130 : complain(destination.fault);
  } finally {
    interrupt.close();
    queue.connection.close();
  }
}

async function collect(work: Submission, destination: Destination): Promise<number> {
  const { session, options, folder, interrupt } = work;
  const { terminal } = session;
  const progress = openProgress(terminal, countInputs([folder], interrupt.signal));
  const tally = newTally();
  terminal.readerClosed.addEventListener('abort', interrupt.stop);
  for await (const { outcome } of submit(work.queue, requestOf(work, tally.leftOut, true))) {
    if (!outcome) continue;
    if (!isAnswered(outcome)) tally.faults += 1;
    else {
      tally.answered += 1;
      if (outcome.cached) tally.fromCache += 1;
    }
    progress.clear();
    const written = await destination.write(`${JSON.stringify(recordOutcome(outcome, options))}\n`);
    if (!written.ok) return await giveUp(work, destination, written.fault);
    if (!written.value) return 0;
    progress.update(tally.answered + tally.faults, tally.faults);
  }
  progress.clear();
  if (interrupt.wasInterrupted()) {
    await destination.keep();
    terminal.note(closingLine(tally));
    return 130;
  }
  if (tally.answered + tally.faults === 0)
    return giveUp(work, destination, fault('nothing-to-do', { file: folder }));
  const finished = await destination.keep();
  if (!finished.ok) return giveUp(work, destination, finished.fault);
  terminal.note(closingLine(tally));
  return tally.faults > 0 ? 2 : 0;
}

/** Without --wait only failures to enqueue are reported; workers do the rest. */
async function fill(work: Submission): Promise<number> {
  const { terminal } = work.session;
  const tally = { fresh: 0, known: 0, faults: 0, leftOut: newTally().leftOut };
  for await (const { path, isNew, outcome } of submit(work.queue, requestOf(work, tally.leftOut, false))) {
    if (isNew) tally.fresh += 1;
    else if (outcome && !isAnswered(outcome)) {
      tally.faults += 1;
      terminal.complain(outcome.fault, path);
    } else tally.known += 1;
  }
  if (work.interrupt.wasInterrupted()) return 130;
  if (tally.fresh + tally.known + tally.faults === 0) {
    terminal.complain(fault('nothing-to-do', { file: work.folder }));
    return 1;
  }
  const left = leftOutText(tally.leftOut);
  terminal.note(
    `${tally.fresh} put into the queue, ${tally.known} known there, ${tally.faults} ${tally.faults === 1 ? 'fault' : 'faults'}${left && `; left out: ${left}`}`,
  );
  return tally.faults > 0 ? 2 : 0;
}

function requestOf(
  { options, folder, model, interrupt }: Submission,
  leftOut: Tally['leftOut'],
  wait: boolean,
) {
  return {
    files: walk([folder], { onLeftOut: (reason) => (leftOut[reason] += 1) }),
    folder,
    model,
    decode: options.decode ?? null,
    thorough: options.thorough === true,
    sharedRoot: options.sharedRoot === undefined ? null : resolve(options.sharedRoot),
    again: options.again === true,
    wait,
    contentBudget: options.contentBudget * 1024 ** 2,
    signal: interrupt.signal,
  };
}

/**
 * The version that answers here now: items are named by it, so that after a switch the new version's answers are asked for
 * and not the kept ones of the old. Nodes decide on a model that is not installed here.
 */
async function versionMeant(session: Session, model: string | undefined): Promise<string | null> {
  const opened = await open(session);
  try {
    const found = opened.engine.models.resolve(model);
    return found.ok ? found.value : (model ?? null);
  } finally {
    await opened.close();
  }
}

async function giveUp(work: Submission, destination: Destination, reason: Fault): Promise<number> {
  work.interrupt.stop();
  await destination.discard();
  work.session.terminal.complain(reason);
  return 1;
}

async function showStatus(
  { terminal }: Session,
  { json }: SubmitOptions,
  { place, connection }: Queue,
): Promise<number> {
  const jobs = openJobQueue(connection.redis, place);
  const counts = await jobs.counts();
  const failures = await jobs.failures(1_000);
  if (json)
    await terminal.printData(`${JSON.stringify({ queue: place.shown, ...counts, failures })}\n`, 'json');
  else {
    const { waiting, active, done, failed } = counts;
    await terminal.print(`${waiting} waiting, ${active} in hand, ${done} answered, ${failed} failed\n`);
    for (const { name, fault: reason } of failures)
      await terminal.print(`${name}: ${reason.message} [${reason.code}]\n`);
  }
  await jobs.close();
  return 0;
}
