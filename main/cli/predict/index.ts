import { extname } from 'node:path';
import { failed, fault, faultTable } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import { otherRowsOf } from '../../../contract/runs/record.ts';
import type { InputOutcome, PredictWork } from './types.ts';
import { firstOf, taskOf, tasksWith } from '../../../contract/tasks/index.ts';
import { openDestination } from '../destination.ts';
import { formatOf } from './formats/choose.ts';
import { catchInterrupt } from '../interrupt.ts';
import { open } from '../open.ts';
import type { Opened, Pack } from '../open.ts';
import type { FormatName, PredictOptions } from '../options.ts';
import { refuseModel } from '../models.ts';
import { answerPictures } from './pictures.ts';
import { openInputs } from '../inputs.ts';
import { countInputs, openProgress } from '../progress.ts';
import type { Session } from '../session.ts';
import { closingLine, leftOutText, newTally } from '../tally.ts';
import type { Tally } from '../tally.ts';
import { answerTensors } from './tensors.ts';

/** `outpost predict`: 0 all answered, 1 nothing could start, 2 some inputs have faults, 130 stopped by hand. */
export async function predict(
  session: Session,
  options: PredictOptions,
  inputs: readonly string[],
): Promise<number> {
  const refuse = (reason: string): number => {
    session.terminal.complain(fault('usage', { reason, command: 'predict' }));
    return 1;
  };
  const ofCsv = options.excel ? '--excel' : options.rows === undefined ? null : '--rows';
  if (ofCsv && options.format !== undefined && options.format !== 'csv')
    return refuse(`${ofCsv} is a way of writing CSV, and --format says ${options.format}.`);
  const interrupt = catchInterrupt();
  const opened = await open(session, { workers: options.workers, threads: options.threads });
  try {
    const pack = await readyPack(opened, options, inputs);
    if (!pack.ok) return refuseModel(session, opened, pack.fault);
    const unknown = unknownRows(options, pack.value);
    if (unknown !== null) return refuse(unknown);
    const destination = await openDestination(options.out, session.terminal, {
      command: 'predict',
      form: formOf(nameOfFormat(options, session)),
      signal: interrupt.signal,
    });
    if (!destination.ok)
      return interrupt.wasInterrupted() ? 130 : refuseModel(session, opened, destination.fault);
    const tally = newTally();
    return await answerAll(
      {
        session,
        options,
        inputs,
        named: openInputs(inputs, { signal: interrupt.signal, isNull: options.null === true }),
        onLeftOut: (reason) => (tally.leftOut[reason] += 1),
        interrupt,
        opened,
        pack: pack.value,
        destination: destination.value,
      },
      tally,
    );
  } finally {
    await opened.close();
    interrupt.close();
  }
}

async function answerAll(work: PredictWork, tally: Tally): Promise<number> {
  const { session, options, inputs, interrupt, destination, pack } = work;
  const { terminal } = session;
  const format = formatOf(nameOfFormat(options, session), {
    columns: terminal.columns,
    paint: terminal.paint,
    task: pack.manifest.task,
    excel: options.excel,
    rows: options.rows,
  });
  const progress = openProgress(
    terminal,
    terminal.isErrorTerminal ? countInputs(inputs, interrupt.signal) : () => null,
  );
  // Stop when stdout is closed (EPIPE): nobody reads the rest.
  terminal.readerClosed.addEventListener('abort', interrupt.stop);
  let ranAs: string | null = null;
  let written = await destination.write(format.head());
  for await (const answer of answering[taskOf(pack.manifest.task).input](work)) {
    if (!written.ok || !written.value) break;
    if (answer.fault && stopsEverything(answer.fault, tally)) return giveUp(work, answer.fault);
    count(tally, answer);
    ranAs = answer.ranAs ?? ranAs;
    progress.clear();
    written = await destination.write(format.one(answer.record));
    progress.update(tally.answered + tally.faults, tally.faults);
  }
  progress.clear();
  interrupt.stop();
  if (written.ok && written.value) written = await destination.write(format.tail());
  if (!written.ok) return giveUp(work, written.fault);
  if (!written.value) return 0;
  if (tally.answered + tally.faults === 0 && !interrupt.wasInterrupted())
    return giveUp(work, nothingFound(work, tally));
  const finished = await destination.keep();
  if (!finished.ok) return giveUp(work, finished.fault);
  if (ranAs !== null) terminal.note(ranAs);
  terminal.note(closingLine(tally));
  if (interrupt.wasInterrupted()) return 130;
  return tally.faults > 0 ? 2 : 0;
}

function nothingFound({ session, inputs, named }: PredictWork, tally: Tally): Fault {
  if (named.listed() === 0 && inputs.every((input) => input === '-')) return fault('list-empty');
  const left = leftOutText(tally.leftOut);
  if (left) session.terminal.note(`Left out: ${left}`);
  const places = inputs.map((input) => (input === '-' ? 'the places that standard input lists' : input));
  return fault('nothing-to-do', { file: places.join(', ') });
}

/** Resolves and verifies the model; the fault if nothing can start. */
async function readyPack(
  { library }: Opened,
  options: PredictOptions,
  inputs: readonly string[],
): Promise<Outcome<Pack>> {
  const found = options.model === undefined ? firstFitting(library, inputs) : library.find(options.model);
  if (!found.ok) return found;
  const variant = library.variant(found.value, options.variant);
  if (!variant.ok) return variant;
  const proved = await library.prove(found.value);
  return proved.ok ? found : proved;
}

/** How inputs of each kind are answered. */
const answering = { picture: answerPictures, tensors: answerTensors };
const tensorEndings = ['.json', '.npy', '.npz', '.csv'];

/** The lifecycle decides which version is active. */
function firstFitting(library: Opened['library'], inputs: readonly string[]): Outcome<Pack> {
  const areTensors = inputs.every((input) => tensorEndings.includes(extname(input).toLowerCase()));
  const fitting = tasksWith(areTensors ? 'tensors' : 'picture');
  const pack = firstOf(library.list(), fitting, ({ manifest }) => manifest.task);
  return pack
    ? library.find(pack.manifest.id)
    : failed('model-not-found', { model: `for ${fitting[0]?.id}` });
}

/** A model fault before the first result ends the command; later it counts for one input. */
const stopsEverything = ({ code }: Fault, tally: Tally): boolean =>
  faultTable[code].exit === 1 && tally.answered === 0 && tally.faults === 0;

function count(tally: Tally, answer: InputOutcome): void {
  if (answer.fault) tally.faults += 1;
  else tally.answered += 1;
  if (answer.isCached) tally.fromCache += 1;
}

async function giveUp(
  { session, opened, interrupt, destination }: PredictWork,
  reason: Fault,
): Promise<number> {
  interrupt.stop();
  await destination.discard();
  return refuseModel(session, opened, reason);
}

/** Why there is no table of the rows that were asked for, or null. */
function unknownRows({ rows }: PredictOptions, { ref, manifest: { task } }: Pack): string | null {
  const known = otherRowsOf(task);
  if (rows === undefined || known.includes(rows)) return null;
  const given = known.length === 0 ? 'has rows of one kind alone' : `has rows of ${known.join(', ')}`;
  return `--rows says ${rows}, and the CSV of ${ref} (${task}) ${given}.`;
}

const nameOfFormat = ({ format, excel, rows }: PredictOptions, { terminal }: Session): FormatName =>
  format ?? (excel || rows !== undefined ? 'csv' : terminal.isOutTerminal ? 'table' : 'jsonl');

const formOf = (name: FormatName): 'json' | 'csv' | 'text' =>
  name === 'table' ? 'text' : name === 'csv' ? 'csv' : 'json';
