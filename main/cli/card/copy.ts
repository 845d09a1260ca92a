import { basename } from 'node:path';
import { failed, fault, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Receipt } from '../../../contract/runs/receipt.ts';
import { receiptFiles, receiptText } from '../../intake/index.ts';
import type { Intake, IntakeEvent, IntakeRequest } from '../../intake/index.ts';
import { catchInterrupt } from '../interrupt.ts';
import type { Interrupt } from '../interrupt.ts';
import { refuseModel } from '../models.ts';
import { open } from '../open.ts';
import type { Opened } from '../open.ts';
import { bytesText } from '../paint.ts';
import { openProgress } from '../progress.ts';
import { refuse } from '../report.ts';
import { followRun } from '../run/follow.ts';
import { codeOf } from '../run/code.ts';
import type { Session } from '../session.ts';
import type { CopyOptions } from './options.ts';
import { openIntake } from './list.ts';

type Work = {
  readonly session: Session;
  readonly options: CopyOptions;
  readonly opened: Opened;
  readonly interrupt: Interrupt;
};

/**
 * `outpost card copy`: 0 copied and answered, 1 nothing could start, 2 some files could not be copied or answered, 130 ended
 * by hand, to be gone on with.
 */
export async function copyCard(
  session: Session,
  options: CopyOptions,
  folder: string | undefined,
): Promise<number> {
  const interrupt = catchInterrupt();
  const opened = await open(session);
  try {
    const work = { session, options, opened, interrupt };
    const intake = openIntake(session, opened);
    const card = folder === undefined ? await onlyCard(intake) : ok(folder);
    if (!card.ok) return refuse(session, card.fault);
    const into = options.into ?? (await opened.engine.settings.get()).cardFolder;
    if (into === null) {
      const reason =
        'Say where to: --into FOLDER, or once and for all `outpost settings set cardFolder FOLDER`.';
      return refuse(session, fault('usage', { reason, command: 'card copy' }));
    }
    const receipt = await copy(work, intake, { card: card.value, into });
    if (!receipt.ok && receipt.fault.code === 'cancelled') {
      session.terminal.note('Stopped. What is copied is kept: the same command goes on with it.');
      return 130;
    }
    if (!receipt.ok) return refuse(session, receipt.fault);
    await reportReceipt(work, receipt.value);
    const isWhole = receipt.value.missingCount === 0 && receipt.value.mayBeFormatted;
    if (!options.run || receipt.value.copied === 0) return isWhole ? 0 : 2;
    const code = await answerCopy(work, receipt.value);
    return code === 0 && !isWhole ? 2 : code;
  } finally {
    await opened.close();
    interrupt.close();
  }
}

async function onlyCard(intake: Intake): Promise<Outcome<string>> {
  const cards = await intake.cards();
  const [card] = cards;
  if (card && cards.length === 1) return ok(card.volume.place);
  return cards.length === 0
    ? failed('card-not-found', { folder: 'any place' })
    : failed('usage', {
        reason: `${cards.length} removable drives are plugged in: name one of ${cards.map(({ volume }) => volume.place).join(', ')}.`,
        command: 'card copy',
      });
}

function copy(
  work: Work,
  intake: Intake,
  place: Pick<IntakeRequest, 'card' | 'into'>,
): Promise<Outcome<Receipt>> {
  const { options, interrupt } = work;
  const request = {
    ...place,
    site: options.place?.trim() || null,
    takesAll: options.all === true,
  };
  const { onEvent, end } = openReport(work);
  return intake.copy(request, { signal: interrupt.signal, onEvent }).finally(end);
}

const asLines = ({ session: { terminal }, options }: Work): boolean =>
  options.json === true || !terminal.isOutTerminal;

function lookedText({ files, bytes, knownFiles, target }: Extract<IntakeEvent, { kind: 'looked' }>): string {
  const what = `${files} ${files === 1 ? 'file' : 'files'}, ${bytesText(bytes)}`;
  if (knownFiles === 0) return `${what}, into ${target}`;
  return target === null
    ? `${what}, all copied before`
    : `${what}, ${knownFiles} of them copied before, into ${target}`;
}

/** What happens, as a bar on a terminal and as JSON Lines elsewhere. */
function openReport(work: Work) {
  const { terminal } = work.session;
  const isLines = asLines(work);
  let [files, done] = [0, 0];
  const progress = openProgress(terminal, () => files);
  const print = (value: unknown): void => void terminal.printData(`${JSON.stringify(value)}\n`, 'json');
  const onEvent = (event: IntakeEvent): void => {
    switch (event.kind) {
      case 'looked':
        files = event.files - event.knownFiles;
        if (isLines)
          print({
            card: 'looked',
            copy: event.target,
            files: event.files,
            bytes: event.bytes,
            known: event.knownFiles,
          });
        terminal.note(lookedText(event));
        return;
      case 'copied':
        done += 1;
        if (isLines)
          print({ file: event.file, digest: event.digest, ...(event.flaw !== null && { flaw: event.flaw }) });
        return progress.update(done, 0);
      case 'gone':
        progress.clear();
        if (isLines) print({ card: 'gone' });
        return terminal.complain(event.fault);
      case 'back':
        if (isLines) print({ card: 'back', place: event.card });
        return terminal.note(`The card is back, at ${event.card}.`);
      case 'read':
      case 'passed':
        return progress.update(done, 0);
    }
  };
  return { onEvent, end: progress.clear };
}

async function reportReceipt(work: Work, receipt: Receipt): Promise<void> {
  const { terminal } = work.session;
  if (asLines(work)) await terminal.printData(`${JSON.stringify({ receipt })}\n`, 'json');
  else await terminal.print(receiptText(receipt));
  terminal.note(textOf(receipt));
}

function textOf({ copy, copied, missingCount }: Receipt): string {
  const file = receiptFiles(copy).text;
  if (copied > 0) return `The receipt is kept in ${file}`;
  return missingCount > 0
    ? 'Nothing was copied, and no folder was made.'
    : `Nothing was copied; the receipt of the earlier copy is ${file}`;
}

/** A run over the copy: the card may go into the camera meanwhile. */
async function answerCopy(work: Work, receipt: Receipt): Promise<number> {
  const { session, options, opened, interrupt } = work;
  const begun = await opened.engine.runs.start({
    title: receipt.site ?? basename(receipt.copy),
    inputs: [receipt.copy],
    ...(options.model !== undefined && { model: options.model }),
  });
  if (!begun.ok) return refuseModel(session, opened, begun.fault);
  if (receipt.site !== null)
    await opened.store.setRunFolder(begun.value.id, { folder: '', site: receipt.site });
  const isJson = options.json === true;
  return codeOf(session, await followRun({ session, opened, interrupt, isJson }, begun.value));
}
