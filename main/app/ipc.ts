import { ipcMain } from 'electron';
import type { IpcMainInvokeEvent, WebContents, WebFrameMain } from 'electron';
import { calls } from '../../contract/calls/calls.ts';
import type { CallInput, CallName, CallOutput, CallsAt } from '../../contract/calls/calls.ts';
import { eventChannel } from '../../contract/calls/call-names.ts';
import type { OutpostEvent } from '../../contract/calls/events.ts';
import { failed } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { detail, reason, reasonAt } from '../../contract/faults/reasons.ts';
import { messageOf, stackOf } from '../lib/error-text.ts';
import type { Log } from './log.ts';
import { isOurPage } from './our-page.ts';

export type AppCall = CallsAt<'window' | 'preload'>;
/** What a handler gives of its call's output: a list that nobody may change is sent like any other. */
export type HandlerValue<N extends AppCall> =
  CallOutput<N> extends readonly (infer Item)[] ? readonly Item[] : CallOutput<N>;
/** One function per call that the window or its preload may make; the input has been parsed. */
export type Handlers = {
  readonly [N in AppCall]: (input: CallInput<N>) => Promise<Outcome<HandlerValue<N>>>;
};
type IpcParts = {
  readonly handlers: Handlers;
  readonly devServer: string | undefined;
  readonly log: Log;
};

/** The IPC boundary: checks the sender, parses the input, then calls the handler. */
export function serveCalls(parts: IpcParts): () => void {
  const names = (Object.keys(calls) as CallName[]).filter(isAppCall);
  for (const name of names) {
    ipcMain.handle(name, (event: IpcMainInvokeEvent, input: unknown) =>
      answer(parts, name, { frame: event.senderFrame, input }),
    );
  }
  return () => names.forEach((name) => ipcMain.removeHandler(name));
}

/** Sends change events to pages, throttled per kind and run to one per `intervalMs`. */
export function eventSender(
  pages: () => readonly WebContents[],
  intervalMs = 50,
): (event: OutpostEvent) => void {
  const waiting = new Map<string, OutpostEvent>();
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    timer = null;
    for (const event of waiting.values()) for (const page of pages()) page.send(eventChannel, event);
    waiting.clear();
  };
  return (event) => {
    waiting.set('run' in event ? `${event.kind} ${event.run}` : event.kind, event);
    timer ??= setTimeout(flush, intervalMs);
  };
}

type Asked = { readonly frame: WebFrameMain | null; readonly input: unknown };

async function answer(parts: IpcParts, name: AppCall, asked: Asked): Promise<Outcome<unknown>> {
  if (!isOurPage(asked.frame, parts.devServer)) {
    parts.log.write('warn', `${name} was refused: it did not come from our page`);
    return failed('sender-refused');
  }
  const parsed = calls[name].in.safeParse(asked.input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') || 'input';
    return failed('request-invalid', {
      call: name,
      field,
      reason: reasonAt(field, issue ? detail(issue.message) : reason('not-valid')),
    });
  }
  try {
    const handler = parts.handlers[name] as (input: unknown) => Promise<Outcome<unknown>>;
    return await handler(parsed.data);
  } catch (error) {
    parts.log.write('error', `${name}: ${stackOf(error)}`);
    return failed('internal', { reason: detail(messageOf(error)) });
  }
}

function isAppCall(name: CallName): name is AppCall {
  const clients: readonly string[] = calls[name].clients;
  return clients.includes('window') || clients.includes('preload');
}
