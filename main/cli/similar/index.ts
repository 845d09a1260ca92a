import { fault, faultTable } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import { sameFrom } from '../../../contract/runs/similar.ts';
import type { Compared } from '../../../contract/runs/similar.ts';
import { openDestination } from '../destination.ts';
import { catchInterrupt } from '../interrupt.ts';
import type { Interrupt } from '../interrupt.ts';
import { open } from '../open.ts';
import type { Opened } from '../open.ts';
import type { FormatName } from '../options.ts';
import { countInputs, openProgress } from '../progress.ts';
import type { Session } from '../session.ts';
import type { SimilarOptions } from './options.ts';
import { groupsText, photosText } from './write.ts';

type Found = Compared & { readonly text: string; readonly found: string };
type Work = {
  readonly session: Session;
  readonly options: SimilarOptions;
  readonly opened: Opened;
  readonly interrupt: Interrupt;
  readonly look: { readonly format: FormatName; readonly width: number };
};

/** `outpost similar`: 0 answered, also where nothing is alike; 1 nothing could start; 2 a photo has a fault; 130 stopped. */
export async function similar(
  session: Session,
  options: SimilarOptions,
  [photo]: readonly string[],
): Promise<number> {
  const wrong = misuse(options, photo);
  if (wrong) return refuse(session, fault('usage', { reason: wrong, command: 'similar' }));
  const { terminal } = session;
  const isTerminal = terminal.isOutTerminal && options.out === undefined;
  const format = options.format ?? (isTerminal ? 'table' : 'jsonl');
  const interrupt = catchInterrupt();
  const opened = await open(session);
  try {
    const work = { session, options, opened, interrupt, look: { format, width: terminal.columns } };
    const found = photo === undefined ? await groups(work) : await photos(work, photo);
    if (!found.ok) return refuse(session, found.fault);
    const written = await write(work, found.value.text);
    if (!written.ok) return refuse(session, written.fault);
    terminal.note(closingLine(found.value));
    return found.value.faults > 0 ? 2 : 0;
  } finally {
    await opened.close();
    interrupt.close();
  }
}

function misuse({ groups: isGroups, among }: SimilarOptions, photo: string | undefined): string | null {
  if (isGroups && photo !== undefined) return '--groups takes no photo: it looks at all that are stored.';
  if (isGroups && among)
    return '--groups looks at all photos that are stored: answer the folder with predict.';
  return isGroups || photo !== undefined ? null : 'Name a photo, or say --groups.';
}

async function photos(
  { session, options, opened, interrupt, look }: Work,
  photo: string,
): Promise<Outcome<Found>> {
  const { among, limit, least = 0, model, variant } = options;
  const progress = openProgress(session.terminal, among ? countInputs(among, interrupt.signal) : () => null);
  const answer = await opened.engine.similar(
    { source: { path: photo }, name: photo, limit, least, model, among, variant },
    {
      signal: interrupt.signal,
      onCompared: ({ compared, faults }) => progress.update(compared + faults, faults),
    },
  );
  progress.clear();
  if (!answer.ok) return answer;
  const count = answer.value.photos.length;
  const text = photosText(answer.value, { ...look, photo });
  return { ok: true, value: { ...answer.value, text, found: `${count} most alike` } };
}

async function groups({ options, opened, look }: Work): Promise<Outcome<Found>> {
  const { least = sameFrom, model, variant } = options;
  const answer = await opened.engine.similarGroups({ least, model, variant });
  if (!answer.ok) return answer;
  const count = answer.value.groups.length;
  const found = `${count} ${count === 1 ? 'group' : 'groups'}`;
  return { ok: true, value: { ...answer.value, text: groupsText(answer.value, look), found } };
}

async function write(
  { session, options, interrupt, look: { format } }: Work,
  text: string,
): Promise<Outcome<void>> {
  const destination = await openDestination(options.out, session.terminal, {
    command: 'similar',
    form: format === 'table' ? 'text' : format === 'csv' ? 'csv' : 'json',
    signal: interrupt.signal,
  });
  if (!destination.ok) return destination;
  const written = await destination.value.write(text);
  return written.ok ? destination.value.keep() : written;
}

function refuse({ terminal }: Session, why: Fault): number {
  terminal.complain(why);
  return faultTable[why.code].exit;
}

/** As in `10 most alike of 1204 compared by efficientnet-lite0@1.0.0; 3 more are no longer there`. */
function closingLine({ found, compared, missing, faults, model, version }: Found): string {
  return [
    `${found} of ${compared} compared by ${model}@${version}`,
    ...(missing > 0 ? [`${missing} more ${missing === 1 ? 'is' : 'are'} no longer there`] : []),
    ...(faults > 0 ? [`${faults} ${faults === 1 ? 'fault' : 'faults'}`] : []),
  ].join('; ');
}
