import type { OutpostEvent } from '../../contract/calls/events.ts';

const pauseMs = 150;

/** Hints go out at most once in a while for each kind and run; the last one is never lost. */
export function createEvents() {
  const listeners = new Set<(event: OutpostEvent) => void>();
  const paused = new Map<string, { timer: NodeJS.Timeout; isMissed: boolean }>();

  const send = (key: string, event: OutpostEvent): void => {
    const entry = {
      isMissed: false,
      timer: setTimeout(() => {
        paused.delete(key);
        if (entry.isMissed) send(key, event);
      }, pauseMs).unref(),
    };
    paused.set(key, entry);
    for (const listener of listeners) listener(event);
  };

  return {
    emit: (event: OutpostEvent): void => {
      if (listeners.size === 0) return;
      const key = event.kind === 'run-changed' ? event.run : event.kind;
      const entry = paused.get(key);
      if (entry) entry.isMissed = true;
      else send(key, event);
    },
    on: (listener: (event: OutpostEvent) => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: (): void => {
      listeners.clear();
      for (const { timer } of paused.values()) clearTimeout(timer);
    },
  };
}
