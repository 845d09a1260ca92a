import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { adoptCall, eventChannel, windowCallNames } from '../contract/calls/call-names.ts';
import type { CallInput, CallOutput, CallsAt } from '../contract/calls/calls.ts';
import type { OutpostEvent } from '../contract/calls/events.ts';
import type { Outcome } from '../contract/faults/faults.ts';

type Calls = { readonly [N in CallsAt<'window'>]: (input: CallInput<N>) => Promise<Outcome<CallOutput<N>>> };
type Listener = (event: OutpostEvent) => void;

const events = createEvents();
ipcRenderer.on(eventChannel, (_, event: OutpostEvent) => events.emit(event));

const calls = Object.fromEntries(
  windowCallNames.map((name) => [name, (input: unknown) => ipcRenderer.invoke(name, input)]),
) as Calls;

// `contextBridge` freezes what it exposes, all the way down.
contextBridge.exposeInMainWorld('outpost', {
  calls,
  /** Turns dropped files into references; the page never learns a path. */
  adopt: (files: readonly File[]): Promise<Outcome<CallOutput<'files.adopt'>>> => {
    const paths = files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
    return ipcRenderer.invoke(adoptCall, { paths });
  },
  on: events.on,
  platform: process.platform,
});

function createEvents() {
  const listeners = new Set<Listener>();
  /** What arrived before the page listened: a file given on the command line must not be lost to a slow first paint. */
  let waiting: OutpostEvent[] = [];
  return {
    emit: (event: OutpostEvent): void => {
      if (listeners.size === 0) waiting = [...waiting.slice(-99), event];
      for (const listener of listeners) listener(event);
    },
    on: (listener: Listener): (() => void) => {
      listeners.add(listener);
      for (const event of waiting) listener(event);
      waiting = [];
      return () => void listeners.delete(listener);
    },
  };
}
