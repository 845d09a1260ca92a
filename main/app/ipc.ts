import { ipcMain } from 'electron';
import type { IpcMainInvokeEvent } from 'electron';
import type { z } from 'zod';
import { calls } from '../../contract/calls.ts';
import type { CallInput, CallOutput, CallsAt } from '../../contract/calls.ts';
import { failed } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import { describeError } from './log.ts';
import type { Log } from './log.ts';

type WindowCall = CallsAt<'window' | 'preload'>;
type Handler<N extends WindowCall> = (input: CallInput<N>) => Promise<Outcome<CallOutput<N>>>;
/** One handler for each row of the table that the window or its preload may ask. */
export type Handlers = { readonly [N in WindowCall]: Handler<N> };

export type IpcParts = {
  readonly handlers: Handlers;
  readonly isOwnSender: (event: IpcMainInvokeEvent) => boolean;
  readonly log: Log;
};

/** The only place that listens to a page: every request passes the same three gates and comes back as an outcome. */
export function serveCalls({ handlers, isOwnSender, log }: IpcParts): () => void {
  const names = Object.keys(handlers) as WindowCall[];
  for (const name of names) {
    const answer = handlers[name] as (input: unknown) => Promise<Outcome<unknown>>;
    ipcMain.handle(name, async (event, input: unknown): Promise<Outcome<unknown>> => {
      if (!isOwnSender(event)) {
        log.write('warn', `${name} was asked by a page that is not Outpost's`);
        return failed('sender-refused');
      }
      const parsed = calls[name].in.safeParse(input);
      if (!parsed.success) return failed('request-invalid', { call: name, reason: reasonOf(parsed.error) });
      try {
        return await answer(parsed.data);
      } catch (error) {
        log.write('error', `${name}: ${describeError(error)}`);
        return failed('internal', { reason: error instanceof Error ? error.message : String(error) });
      }
    });
  }
  return () => {
    for (const name of names) ipcMain.removeHandler(name);
  };
}

function reasonOf(error: z.ZodError): string {
  const issue = error.issues[0];
  const field = issue?.path.join('.') || 'input';
  return `${field}: ${issue?.message ?? 'not as described'}`;
}
