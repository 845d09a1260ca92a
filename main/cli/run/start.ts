import { basename } from 'node:path';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import type { AsJson } from '../command.ts';
import { openInputs } from '../inputs.ts';
import { catchInterrupt } from '../interrupt.ts';
import type { Interrupt } from '../interrupt.ts';
import { refuseModel } from '../models.ts';
import { open } from '../open.ts';
import type { Opened } from '../open.ts';
import type { Session } from '../session.ts';
import { followWatch } from '../watch/follow.ts';
import { codeOf } from './code.ts';
import { followRun } from './follow.ts';
import type { StartOptions } from './options.ts';

/** `outpost run start`: 0 all answered, 1 nothing could start, 2 some have faults, 130 paused or stopped. */
export function startRun(
  session: Session,
  options: StartOptions,
  inputs: readonly string[],
): Promise<number> {
  const { title } = options;
  return stay(session, options, async ({ engine }, { signal }) => {
    const named = openInputs(inputs, { signal, isNull: options.null === true });
    const request = {
      title: title ?? titleOf(inputs),
      ...askedOf(options),
      ...(!options.cache && { useCache: false }),
    };
    return engine.runs.start({ ...request, inputs: named.paths });
  });
}

/** How each file is asked for. */
export const askedOf = ({ model, variant, provider, decode, thorough }: StartOptions) => ({
  ...(model !== undefined && { model }),
  ...(variant !== undefined && { variant }),
  ...(provider !== undefined && { provider }),
  ...(decode !== undefined && { decode }),
  ...(thorough && { thorough }),
});

export const goOnWithRun = (
  session: Session,
  options: AsJson & { readonly event: 'resume' | 'retry' },
  id: string,
): Promise<number> => stay(session, options, ({ engine }) => engine.runs[options.event](id));

export const runAgain = (
  session: Session,
  options: AsJson & { readonly model?: string },
  id: string,
): Promise<number> => stay(session, options, ({ engine }) => engine.runs.again(id, options.model));

/** Stays in the foreground until the run that `begin` gives has ended. */
async function stay(
  session: Session,
  { json }: AsJson,
  begin: (opened: Opened, interrupt: Interrupt) => Promise<Outcome<RunState>>,
): Promise<number> {
  const interrupt = catchInterrupt();
  const opened = await open(session);
  try {
    const begun = await begin(opened, interrupt);
    if (!begun.ok) return refuseModel(session, opened, begun.fault);
    const follow = begun.value.isWatching ? followWatch : followRun;
    const ended = await follow({ session, opened, interrupt, isJson: json === true }, begun.value);
    return codeOf(session, ended);
  } finally {
    await opened.close();
    interrupt.close();
  }
}

function titleOf(inputs: readonly string[]): string {
  const [first = '-'] = inputs;
  return first === '-' ? 'Standard input' : basename(first) || first;
}
